A root alone grants nothing where two must agree.
---
roots 3
region claims track 1-3 as job
---
job/0: unknown [GRANT-3]: the region rests on 2 roots, of which 1 stand behind it
track is taken 1-3 by job/0
