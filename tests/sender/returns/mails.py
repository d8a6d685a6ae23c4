"""Mails that come back, written for the tests."""

ORIGINAL = """\
Return-Path: <{path}>
From: Brand <news@brand.test>
To: ada@x.test
Subject: Hi Ada
Message-ID: <{message_id}>
List-Unsubscribe: <{leave}>

Hello
"""

DSN = (
    """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.x.test>
To: {path}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{own}@mx.x.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BB"

--BB
Content-Type: text/plain

This is the mail system at host mx.x.test.

<ada@x.test>: host mx.x.test[192.0.2.9] said: {said}

--BB
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.x.test

Final-Recipient: rfc822; ada@x.test
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--BB
Content-Type: message/rfc822

"""
    + ORIGINAL
    + "--BB--\n"
)

QMAIL = (
    """\
Return-Path: <>
From: MAILER-DAEMON@mx.x.test
To: {path}
Subject: failure notice
Message-ID: <{own}@mx.x.test>

Hi. This is the qmail-send program at mx.x.test.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ada@x.test>:
192.0.2.9 does not like recipient.
Remote host said: {said}

--- Below this line is a copy of the message.

"""
    + ORIGINAL
)

ARF = (
    """\
From: complaints@fbl.x.test
To: fbl@rp.brand.test
Subject: FW: Hi Ada
Message-ID: <{own}@fbl.x.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="BB"

--BB
Content-Type: text/plain

This is an email abuse report.

--BB
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Loop/1.0
Version: 1
Source-IP: 192.0.2.1

--BB
Content-Type: message/rfc822

"""
    + ORIGINAL
    + "--BB--\n"
)

VACATION = """\
From: ada@x.test
To: {path}
Subject: Automatic reply: Hi Ada
Message-ID: <{own}@x.test>
Auto-Submitted: auto-replied

I am out of the office until Monday.
"""

LEAVE = """\
From: ada@x.test
To: {path}
Subject: unsubscribe
Message-ID: <{own}@x.test>

"""
