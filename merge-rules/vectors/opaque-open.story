An open claim that cannot be read leaves its rival unknown.
---
rival opaque track 1-3 as odd
node claims track 2-4 class 3 as job
---
odd: unknown [RULE-2]: odd rests on a record that this version cannot read
job/0: unknown [RULE-2]: job rests on a record that this version cannot read
track is taken 1-3 by odd/0
track is taken 2-4 by job/0
