A rotation in a later slot is void and cuts nothing.
---
node claims pad 1-3 as job
node-next claims track 4-5 as own
node-next rotates cutting node 0 as late
---
job/0: asked [LEASE-3]: job is not given whole
own/0: provisional [OPEN-1]: own contends for an open resource, and no known claim goes first
late: void [ROT-1]: late is void: a rotation opens a log of the next key that lasts as long as the enrolment
track is taken 4-5 by own/0
exception: void [ROT-1]: late is void: a rotation opens a log of the next key that lasts as long as the enrolment
