One root of three trips nothing, were it to say so twice [BREAK-3].
---
roots 3
root-1 endorses region
root gives region: pad 0-12 of first as right
root-1 endorses right
region claims pad 1-3 of right as job
root trips a from federation as one
root trips a from federation until 20 as again
may job at 2
---
