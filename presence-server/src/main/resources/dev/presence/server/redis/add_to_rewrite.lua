#!lua
-- Adds one chunk to a part that is being built. The head counts the chunks, so that one that the store lost is missed.
--
-- KEYS[1]  string   presence:{node}:head, "<epoch> <seq>" or "<epoch> building <chunks>"
-- KEYS[2]  hash     presence:{node}:sessions
-- ARGV[1]  integer  epoch
-- ARGV[2]  integer  how many chunks stand there already
-- ARGV[3…] bytes    for each record: field, SessionRecord
-- returns  1: added, now or by an earlier run; 0: refused, this is not the chunk that comes next
-- include keep.lua

local CHUNK = 1000

local building = ARGV[1] .. ' building '
local after = building .. string.format('%.0f', tonumber(ARGV[2]) + 1)
local head = redis.call('GET', KEYS[1])
if head == after then
  return 1
end
if head ~= building .. ARGV[2] then
  return 0
end

for first = 3, #ARGV, CHUNK do
  redis.call('HSET', KEYS[2], unpack(ARGV, first, math.min(first + CHUNK - 1, #ARGV)))
end
redis.call('SET', KEYS[1], after)
keep(KEYS[1], KEYS[2])
return 1
