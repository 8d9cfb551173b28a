#!lua
-- Deletes a node's record, if it is marked lost.
--
-- KEYS[1]  hash     presence:{nodes}, node id -> "<lease deadline> <epoch> <L: lost, -: not> " followed by a NodeRecord
-- ARGV[1]  string   node id
-- returns  1: deleted; 0: there is none, or it is not lost
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored and string.find(stored, '^%d+ %d+ L ') then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
