What a root writes counts by threshold, a closing as well: one root alone closes nothing [BREAK-1], [GRANT-3].
---
roots 3
root-1 endorses region
root gives region: pad 0-12 of first as right
root-1 endorses right
region claims pad 1-3 of right as job
root trips a from federation as one
root-1 trips a from federation as two
root-safety closes one as end
may job at 2
---
