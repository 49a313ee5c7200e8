A released claim displaces still, until the other claims anew over it.
---
rival claims track 1-3 class 3 as first
rival releases first as end
node claims track 1-3 class 1 as second
node releases second as withdrawn
node claims track 1-3 class 1 over first by end second by withdrawn as third
---
first/0: ended [BACK-2]: first was released by end
end: firm [RULE-2]: end is said by one who is granted to say it
second/0: ended [BACK-2]: second was released by withdrawn
withdrawn: firm [RULE-2]: withdrawn is said by one who is granted to say it
third/0: provisional [OPEN-1]: third contends for an open resource, and no known claim goes first
track is taken 1-3 by third/0
exception: ended [BACK-2]: second was released by withdrawn
exception: ended [BACK-2]: first was released by end
