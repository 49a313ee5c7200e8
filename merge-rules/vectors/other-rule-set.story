A claim by rules that this version does not know is not read; what is given to it is taken.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 rules 2 as job
region gives job: pad 1-3 of right as grant
root claims pad 12-13 rules 2 as odd
rival claims track 1-3 rules 2 as open
node claims track 2-4 as late
may job at 2
free pad 1-3 at 0
---
