#!lua
-- Writes all of a node's part again, in a new epoch. The stream goes on, with a change set that says reset.
--
-- KEYS[1]  string   presence:{node}:head, "<epoch> <seq>"
-- KEYS[2]  hash     presence:{node}:sessions
-- KEYS[3]  stream   presence:{node}:changes
-- KEYS[4]  channel  presence:{node}:topic
-- ARGV[1]  integer  epoch, above the stored one
-- ARGV[2]  integer  sequence number
-- ARGV[3]  bytes    ChangeSet that says reset
-- ARGV[4…] bytes    for each record: field, SessionRecord
-- returns  1: done, now or by an earlier run; 0: refused, the stored epoch is this one or a later one
local CHUNK = 1000

local here = ARGV[1] .. ' ' .. ARGV[2]
local head = redis.call('GET', KEYS[1])
if head == here then
  return 1
end
local epoch = string.match(head or '', '^(%d+) ')
if epoch and tonumber(epoch) >= tonumber(ARGV[1]) then
  return 0
end

local id = ARGV[2] .. '-0'
local added = redis.pcall('XADD', KEYS[3], id, 'c', ARGV[3])
if type(added) == 'table' and added['err'] then
  -- The stream holds ids from here on: a branch of history that its node gave up. Its epoch is over in any case.
  redis.call('UNLINK', KEYS[3])
  redis.call('XADD', KEYS[3], id, 'c', ARGV[3])
end
redis.call('UNLINK', KEYS[2])
for first = 4, #ARGV, CHUNK do
  redis.call('HSET', KEYS[2], unpack(ARGV, first, math.min(first + CHUNK - 1, #ARGV)))
end
redis.call('SET', KEYS[1], here)
redis.call('PUBLISH', KEYS[4], ARGV[3])
return 1
