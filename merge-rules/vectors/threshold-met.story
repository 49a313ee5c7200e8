Once two roots stand behind it the enrolment is granted.
---
roots 3
root-1 endorses region
region claims track 1-3 as job
may job at 2
---
job/0: provisional [OPEN-1]: job contends for an open resource, and no known claim goes first
track is taken 1-3 by job/0
may job at 2? hold, provisional [OPEN-1]: job contends for an open resource, and no known claim goes first
