A give that one root wrote alone is unknown, and takes its place all the same.
---
roots 3
root-1 endorses region
root gives region: pad 0-12 of first as right
region claims pad 1-3 of right as job
may job at 2
---
right: unknown [GRANT-3]: right rests on 2 roots, of which 1 stand behind it
job/0: unknown [GRANT-3]: right rests on 2 roots, of which 1 stand behind it
pad is taken 1-3 by job/0
may job at 2? hold, unknown [GRANT-3]: right rests on 2 roots, of which 1 stand behind it
