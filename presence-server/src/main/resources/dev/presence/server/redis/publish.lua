#!lua
-- Appends a change set to its node's stream, applies it to the node's session map, moves the head, wakes the readers.
--
-- KEYS[1]  string   presence:{node}:head, "<epoch> <seq>", or "<epoch> building <chunks>", which nothing follows
-- KEYS[2]  hash     presence:{node}:sessions
-- KEYS[3]  stream   presence:{node}:changes
-- KEYS[4]  channel  presence:{node}:topic
-- ARGV[1]  integer  epoch
-- ARGV[2]  integer  the sequence number that must come before
-- ARGV[3]  integer  sequence number
-- ARGV[4]  bytes    ChangeSet
-- ARGV[5]  text     PUBLISH, or SPUBLISH on a Cluster, where the channel lies in the slot of the keys
-- ARGV[6]  integer  how many records follow
-- ARGV[7…] bytes    for each record: field, SessionRecord; then the fields to remove
-- returns  1: done, now or by an earlier run; 0: refused, the part is being built, or the store lost this node's history
-- include keep.lua

local CHUNK = 1000

local here = ARGV[1] .. ' ' .. ARGV[3]
local head = redis.call('GET', KEYS[1])
if head == here then
  return 1
end
if head ~= ARGV[1] .. ' ' .. ARGV[2] then
  return 0
end

-- First, because it alone can fail, and Lua takes nothing back.
redis.call('XADD', KEYS[3], ARGV[3] .. '-0', 'c', ARGV[4])
local removals = 7 + 2 * tonumber(ARGV[6])
for first = 7, removals - 1, CHUNK do
  redis.call('HSET', KEYS[2], unpack(ARGV, first, math.min(first + CHUNK, removals) - 1))
end
for first = removals, #ARGV, CHUNK do
  redis.call('HDEL', KEYS[2], unpack(ARGV, first, math.min(first + CHUNK - 1, #ARGV)))
end
redis.call('SET', KEYS[1], here)
keep(KEYS[1], KEYS[2], KEYS[3])
redis.call(ARGV[5], KEYS[4], ARGV[4])
return 1
