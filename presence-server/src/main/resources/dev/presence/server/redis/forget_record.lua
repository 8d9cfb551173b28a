#!lua
-- Deletes a node's record, if it is marked lost and its deadline is the one that the caller saw.
--
-- KEYS[1]  hash     presence:{nodes}, node id -> "<lease deadline> <epoch> <L: lost, -: not> " followed by a NodeRecord
-- ARGV[1]  string   node id
-- ARGV[2]  integer  the lease deadline that the caller saw
-- returns  1: there is none, by this run or an earlier one; 0: refused, the node has come back
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored and string.match(stored, '^(%d+) %d+ L ') ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
