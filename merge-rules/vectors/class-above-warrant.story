A claim of a class above its warrant is void.
---
node claims track 1-3 class 4 as job
---
job/0: void [GRANT-2]: job is void: its priority class is above its author's
exception: void [GRANT-2]: job is void: its priority class is above its author's
