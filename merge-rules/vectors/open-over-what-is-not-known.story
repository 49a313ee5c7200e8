A claim over one that a revocation ended which is not known here is unknown beside it.
---
rival claims track 1-3 class 3 as first
safety revokes rival until 5 as cut
node claims track 1-3 class 1 over first by cut as second
forget to 9
---
first/0: provisional [OPEN-1]: first contends for an open resource, and no known claim goes first
second/0: unknown [OPEN-6]: second rests on revocation cut, which is not here or does not cut there
track is taken 1-3 by first/0
track is taken 1-3 by second/0
all is told at day 9
exception: claim second is over and was never released
exception: claim first is over and was never released
