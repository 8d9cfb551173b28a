#!lua
-- Completes a part that was built. The stream goes on, with a change set that says reset.
--
-- KEYS[1]  string   presence:{node}:head, "<epoch> <seq>" or "<epoch> building <chunks>"
-- KEYS[2]  stream   presence:{node}:changes
-- KEYS[3]  channel  presence:{node}:topic
-- ARGV[1]  integer  epoch
-- ARGV[2]  integer  sequence number
-- ARGV[3]  integer  how many chunks must stand there
-- ARGV[4]  bytes    ChangeSet that says reset
-- ARGV[5]  text     PUBLISH, or SPUBLISH on a Cluster, where the channel lies in the slot of the keys
-- returns  1: done, now or by an earlier run; 0: refused, the head is not building with exactly these chunks
-- include keep.lua

local here = ARGV[1] .. ' ' .. ARGV[2]
local head = redis.call('GET', KEYS[1])
if head == here then
  return 1
end
if head ~= ARGV[1] .. ' building ' .. ARGV[3] then
  return 0
end

local id = ARGV[2] .. '-0'
local added = redis.pcall('XADD', KEYS[2], id, 'c', ARGV[4])
if type(added) == 'table' and added['err'] then
  -- The stream holds ids from here on: a branch of history that its node gave up. Its epoch is over in any case.
  redis.call('UNLINK', KEYS[2])
  redis.call('XADD', KEYS[2], id, 'c', ARGV[4])
end
redis.call('SET', KEYS[1], here)
keep(KEYS[1], KEYS[2])
redis.call(ARGV[5], KEYS[3], ARGV[4])
return 1
