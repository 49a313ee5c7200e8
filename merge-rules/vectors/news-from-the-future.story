News that were written later than now by all clocks are of an age that nobody knows.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 20
region claims track 1-2 as note
may job at 2
free pad 4-6 at 5
free pad 4-6 at 21
---
