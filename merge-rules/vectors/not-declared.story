As long as nobody has declared a resource, nothing is known of a claim of it.
---
root claims shed 1-3 as mine
free shed 1-3 at 0
---
mine/0: unknown [LEASE-6]: mine rests on resource shed, of which no declaration that lasts as long is here
shed is taken 1-3 by mine/0
is shed free 1-3? no, mine
