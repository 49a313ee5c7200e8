Two roots of three trip a breaker, for as long as both say [BREAK-3].
---
roots 3
root-1 endorses region
root gives region: pad 0-12 of first as right
root-1 endorses right
region claims pad 1-3 of right as job
root trips a from federation until 10 as one
root-1 trips a from federation until 20 as two
may job at 2
---
