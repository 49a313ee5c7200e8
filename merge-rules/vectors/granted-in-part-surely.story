Of a part that is surely given and a longer one at risk the sure one counts, when it is long enough.
---
root gives region: pad 0-12 of first as right
rival claims pad 2-5 as old
region gives old: pad 2-5 of right as lost
region reclaims lost as bare
node claims pad 1-4 least 1 as job
region gives job: pad 1-2 of right as sure
region gives job: pad 2-4 of right for 0 as risky
rival claims pad 6-9 as older
region gives older: pad 7-9 of right for 0 as gone
region reclaims gone as barer
node claims pad 6-9 least 2 as long
region gives long: pad 6-7 of right as first-hour
region gives long: pad 7-9 of right for 0 as others
may job at 1:30
may job at 2:30
may long at 7:30
---
