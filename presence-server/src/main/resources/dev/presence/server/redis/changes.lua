#!lua
-- Reads a node's head, and its stream after a place, at one moment.
--
-- KEYS[1]  string   presence:{node}:head
-- KEYS[2]  stream   presence:{node}:changes
-- ARGV[1]  integer  sequence number after which to begin
-- ARGV[2]  integer  the most change sets to return
-- returns  {head or nil, {ChangeSet, …}}
local changes = {}
for i, entry in ipairs(redis.call('XRANGE', KEYS[2], '(' .. ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])) do
  changes[i] = entry[2][2]
end
return {redis.call('GET', KEYS[1]), changes}
