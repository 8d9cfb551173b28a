#!lua
-- Deletes a node's part, if its head is still the one up to which the node's history has been written.
--
-- KEYS[1]  string   presence:{node}:head
-- KEYS[2]  hash     presence:{node}:sessions
-- KEYS[3]  stream   presence:{node}:changes
-- ARGV[1]  text     "<epoch> <seq>", or "<epoch> building", whatever the chunks: none of them has a history; empty if there was none
-- returns  1: nothing is left, by this run or an earlier one; 0: refused, the head is another
local head = redis.call('GET', KEYS[1])
if head and (string.match(head, '^%d+ building') or head) ~= ARGV[1] then
  return 0
end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return 1
