A revocation by one who does not stand above reaches nobody.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node revokes rival as cut
rival claims track 1-2 as free-one
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
free-one/0: provisional [OPEN-1]: free-one contends for an open resource, and no known claim goes first
pad is taken 1-3 by grant/0
track is taken 1-2 by free-one/0
