-- What a Redis server says of itself. No #!lua line: a server that is too old for it must get as far as saying so.
--
-- returns  bytes, the sections server and memory of INFO
return redis.call('INFO', 'server') .. redis.call('INFO', 'memory')
