#!lua
-- Extends a node's lease from now, and reads what all nodes say of themselves. A lease that is merely over is renewed like any
-- other. A record that is marked lost is left as it is, unless its node has begun a later epoch: then the mark goes.
--
-- KEYS[1]  hash     presence:{nodes}, node id -> "<lease deadline> <epoch> <L: lost, -: not> " followed by a NodeRecord
-- KEYS[2]  string   presence:{nodes}:clock
-- ARGV[1]  string   node id
-- ARGV[2]  integer  length of the lease, milliseconds
-- ARGV[3]  integer  epoch of the node's head
-- ARGV[4]  bytes    NodeRecord
-- ARGV[5]  integer  what the clock shows at least
-- returns  {outcome, time, {node id, value, node id, value, …}}; outcome 1: renewed, 2: registered, 3: lost
-- include clock.lua

local now = shared_clock(KEYS[2], tonumber(ARGV[5]))
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local outcome = stored and 1 or 2
local lost_epoch = string.match(stored or '', '^%d+ (%d+) L ')
if lost_epoch and tonumber(ARGV[3]) <= tonumber(lost_epoch) then
  outcome = 3
else
  local deadline = string.format('%.0f', now + tonumber(ARGV[2]))
  redis.call('HSET', KEYS[1], ARGV[1], deadline .. ' ' .. ARGV[3] .. ' - ' .. ARGV[4])
end
return {outcome, now, redis.call('HGETALL', KEYS[1])}
