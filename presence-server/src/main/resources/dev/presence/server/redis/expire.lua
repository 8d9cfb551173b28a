#!lua
-- Ends a node's lease now. A record that is marked lost, or is not there, is left so; a lease that is over keeps its deadline.
--
-- KEYS[1]  hash     presence:{nodes}, node id -> "<lease deadline> <epoch> <L: lost, -: not> " followed by a NodeRecord
-- KEYS[2]  string   presence:{nodes}:clock
-- ARGV[1]  string   node id
-- returns  1: the lease ended now; 0: nothing to do
-- include clock.lua

local stored = redis.call('HGET', KEYS[1], ARGV[1])
local deadline = string.match(stored or '', '^(%d+) %d+ %- ')
local now = shared_clock(KEYS[2], 0)
if not deadline or tonumber(deadline) <= now then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. string.sub(stored, #deadline + 1))
return 1
