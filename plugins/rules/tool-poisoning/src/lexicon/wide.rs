//! Words in their widest sense: what a sentence may use for an idea once all of its parts are looked at together.
//!
//! Too common to say anything alone; the grammars over them ask for several parts, and for what the tool is for.

use crate::class::{
    AGAIN, APART, CHOOSE, COVERT, Class, DEFEND, DEMAND, DISCLOSE, DO, FAIL, FLAW, FOREIGN, GIVE, IS, KEYED,
    LAPSE, LASTING, LEAVE, MEMORY, NO, NORM, OFFENCE, OMIT, PERSON, PRESENT, PRIVATE, RANKING, RIVAL, SAID,
    SETTLED, SKEW, SLOT, TAKE, TREAT, VENDOR, VIA, WEAKEN, WHOLE, WISH, WORSE,
};

/// Words and phrases, separated by commas.
pub(crate) const WORDS: &[(Class, &str)] = &[
    (
        GIVE,
        "give, given, pass, passing, put, tuck, slip, drop, supply, hand, enter, fill, note, record, quote, echo, pack, stash, place, furnish, enclose, deliver, share, attach, add, include, insert, append, send, submit, provide, populate, serialise, serialize, copy, paste, carry, go, goes, belong, expect, want, need, encode, forward, relay, upload, write, convey, report, arrive, ship, set, contain, hold, transmit, convert, store, load, embed, list, mention, state, present, contribute, feed, weave, repeat, reproduce, at hand, annex, accompany, bring, log, base64, dump, transfer, mirror, duplicate, mail, email, post, stream, prepend, specify, use, leave, require, must be, return, output, travel, ride, ride along, come along, end up, land, find its way",
    ),
    (
        PRIVATE,
        "cookies, inbox, mailbox, bookmark, bookmarks, saved login, saved logins, latest mail, last mail, latest email, last email, most recent email, most recent mail, clipboard, correspondence, home directory, home folder, address book, contact list, contacts, calendar entries, diary, photos, photo library, payroll, payroll record, payroll records, personnel file, personal file, personal files, private file, private files, user's files, browser profile, browser history, search history, shell history, wallet file, key file, keychain export, vault export, vault, bank statement, bank statements, medical history, diagnosis, diagnoses, home address, phone book, call log, call logs, text messages, direct messages, private messages, private repository, private repositories, source code, source tree, environment, process environment, dotfiles, ssh folder, ssh directory, context window, context windows, working memory, reasoning, chain of thought, scratchpad, system turn, system turns, initial instructions, latest messages, earlier answers, tickets of others, customer list, customer records, employee records, family, whereabouts, location history, documents folder, desktop, downloads folder, passport, identity card, driving licence, driver's license, tax number, birth date, bank card, card details, password vault, recovery phrase, unlock code, unlock pattern, login data, login cookie, login cookies, session cookie, session cookies, cookie store, config files, number plates, private configuration, private directory, private folder, private settings, private data, configuration directory, user's configuration",
    ),
    (
        SAID,
        "said, say, told, tell, typed, type, wrote, written, mentioned, mention, shared, revealed, disclosed, asked, stated, entered, knows, know, learned, learnt, uttered, discussed, exchanged, spoken, confided, remembers, remember, seen, heard, answered, gave, given",
    ),
    (
        WHOLE,
        "whatever, everything, anything, all, every, each, any, entire, whole, full, in full, fully, verbatim, word for word, the lot, so far, until now, to date, since the beginning, from the start, without exception, whichever, the rest",
    ),
    (
        PERSON,
        "anybody, somebody, everybody, everyone, whoever, principal, account holder, cardholder, card holder, employee, patient, visitor, player, reader, data subject, colleague, operator's user, owner, traveller, traveler, guest, requester, requesting party, person at the keyboard, subscriber, applicant, donor, buyer, shopper, presenter, student, tenant, recipient, member, citizen, holder",
    ),
    (
        NO,
        "no, not, none, nothing, unmentioned, untold, unannounced, wordlessly, never, without, cannot, isn't, aren't, doesn't, don't, won't, needn't, neither, nor, hardly, false, not to, no one, nobody, must not, do not, mustn't, shouldn't, unnecessary, needless, superfluous, redundant, dispensable, under no circumstances, in no case, rather than, refrain, avoid, exempt, waived, dispensed with, unneeded, off limits, spare, spared, instead of",
    ),
    (
        DISCLOSE,
        "warn, warned, remark, tell, told, mention, inform, notify, notification, notice, announce, announcement, disclosure, disclose, reveal, bring up, bring it up, bring this up, surface, shown, show, see, seen, aware, know, learn, hear, eyes, visible, enquiry, inquiry, discuss, part of what is shown, refer to, alert, explain, say so, saying so, draw attention, comment, appear, apparent, acknowledge, talk about, report, raise, note, display, print, list",
    ),
    (
        LEAVE,
        "checking back, check back, checking in, check in, go-aheads, permission prompt, permission prompts, prompted, approval, confirmation, consent, permission, sign-off, signoff, signed off, authorisation, authorization, authentication, go-ahead, question, asking, ask, asked, enquiry, inquiry, second look, human review, prompting, confirm, approve, approved, agreement, objection, warning, consult, consulted, consulting, check with, double-check",
    ),
    (
        SETTLED,
        "signed, waiver, by using this, by calling this, by calling it, by connecting, already, in advance, beforehand, upstream, on record, recorded, on file, granted, satisfied, given earlier, settled, obtained, once and for all, standing, blanket, by default, implied, presumed, assumed, deemed, taken for granted, has been given, have been given, was given at, answered with yes, answer yes, say yes, agreed, deemed given, taken as given, presumed given",
    ),
    (
        PRESENT,
        "report, reported, present, presented, describe, described, show, shown, quote, quoted, state, stated, rate, rated, rank, ranked, list, listed, call, label, mark, marked, declare, flag, recommend, recommended, suggest, suggested, score, scored, summarise, summarize, grade, display, tell, say, answer, answered, price, priced, claim, name, approve, approves",
    ),
    (
        FLAW,
        "warning, warnings, finding, findings, vulnerability, vulnerabilities, failure, failures, error, errors, problem, problems, issue, issues, defect, defects, critique, criticism, complaint, complaints, bad review, bad reviews, negative review, negative reviews, failed login, failed logins, alert, alerts, side effect, side effects, fee, fees, cost, costs, risk, risks, recall, recalls, competitor, competitors, loss, losses, incident, incidents, secret, secrets, drawback, drawbacks, weakness, weaknesses, shortcoming, shortcomings, downside, downsides, disadvantages, test failure, lines, reviewers",
    ),
    (
        NORM,
        "guideline, guidelines, guidance, policy, policies, rules, instruction, instructions, limits, limit, safety, guardrail, guardrails, safeguard, safeguards, system prompt, constraints, restrictions, directive, directives, confirmations, ethics, prohibitions, refusals, duties, scruples, precautions",
    ),
    (
        LAPSE,
        "lapse, lapses, supersede, supersedes, superseded, prevail, prevails, set aside, suppressed, do not apply, don't apply, does not apply, doesn't apply, no longer apply, suspended, outrank, outranks, no longer govern, yield, yields, give way, gives way, take second place, void, waived, off, lifted, not binding, cease, ceases, moot, without force, overrule, overrules, trump, trumps, cannot stop, advisory, advisory only, are ignored, is ignored, disregarded, secondary, subordinate",
    ),
    (
        SLOT,
        "field, parameter, argument, param, property, header, arg, slot, input, member, column, attribute",
    ),
    (
        TAKE,
        "read, open, access, load, fetch, get, retrieve, obtain, obtainable, collect, gather, extract, dump, look, look at, look into, have a look, consult, unlock, unlocked, pick up, help yourself, find, found, copy, take, enumerate, list, export, serialise, serialize, capture, search, scan, go through, pull, locate, recall",
    ),
    (
        KEYED,
        "printenv, passcode, auth, authorization, authentication, authorisation, token, key, pw, pwd, pass, password, passphrase, secret, credential, cred, creds, login, pat, jwt, bearer, header, headers, env, environment, cookie, cookies, session, connection, dsn, uri, api, account, username, user, signature, otp, code, mfa, pin, certificate, cert, keys, tokens, secrets, credentials, card, payment, wallet",
    ),
    (
        SKEW,
        "added, on top, lower, higher, less, more, cheaper, better, worse, fewer, smaller, larger, rounded up, rounded down, earlier, later, reduced, raised, increased, inflated, halved, doubled, shifted, surcharge, markup, discounted",
    ),
    (
        OMIT,
        "strip, stripped, stay out of, stays out of, kept out of, keep out of, left unmentioned, leave unmentioned, need not be brought up, need not be mentioned, not be brought up, go unmentioned, leave out, left out, leaves out, omit, omitted, drop, dropped, suppress, suppressed, skip, skipped, withhold, withheld, hide, hidden, keep quiet about, keeps quiet about, keep back, kept back, gloss over, pass over, passed over, exclude, excluded, do not list, don't list, not listed, not be listed, do not mention, don't mention, play down, remove, removed, delete, deleted, filter out, filtered out, strike, struck, overlook, ignored",
    ),
    (
        FOREIGN,
        "other tool, other tools, another tool, other tool's, other tools', another server, other server, other servers, sibling server, sibling servers, sibling tool, sibling tools, another provider, other providers, other plugin, other plugins, another plugin, mail server's, filesystem server, mail server, database server, any tool, whatever tool, whichever tool, neighbouring server, neighbouring tools, upstream tool, foreign tool, tools of others, any other server, all tools, every tool, remaining tools, connected tool, connected tools, connected servers, check tool",
    ),
    (
        AGAIN,
        "a second time, duplicate, duplicated, twice, as well, copy, copied, in parallel, mirror, mirrored, too, a copy, another copy, in addition, in passing, at the same time, replicate, replicated",
    ),
    (
        CHOOSE,
        "right choice, better choice, good choice, wise choice, look at, look elsewhere, look further, shop around, choose, select, pick, prefer, use, call, invoke, rely on, rely, rank, try, consider, turn to, come here, come to, go to, default to, prioritise, prioritize, reach for, opt for, favour, favor, selection, resort to, consult, weigh, employ, recommend, do not do, tools",
    ),
    (
        WORSE,
        "waste, wastes, lose data, loses data, lost work, mislead, misleads, down, offline, waste of time, not worth, slow, slower, outdated, wrong, pointless, useless, inferior, insecure, unsafe, unavailable, unreliable, withdrawn, broken, known security holes, security holes, deprecated, obsolete, dangerous, inaccurate, retired, untrustworthy, error-prone, not to be trusted, worthless, faulty, defunct, sold out, stale, weaker, forbidden, disabled, malicious, compromised, out of date, fail, fails, falsehood, falsehoods, disregarded, lie, lies, fabricate, fabricates",
    ),
    (
        LASTING,
        "stays in force, remains in force, standing instructions, standing orders, from here on, until the conversation ends, for the rest of the conversation, for the rest of the session, in every answer, in every reply, each answer, every answer, each reply, every reply, all further answers, all further replies, long-term memory, permanently, for good, from this point, in all later, all later, all future, every future, each future, in future, hereafter, from then on",
    ),
    (
        APART,
        "apart from, other than, except for, nothing but, none but, besides, beyond, save for, anything else, anyone else, elsewhere",
    ),
    (
        DO,
        "implement, implements, carry out, carried out, carries out, execute, executes, executed, follow, follows, obey, obeys, perform, performs, act on, acts on, do, does, done, apply, applies, honour, honours, honor, comply, complies, adopt, adopts, enact, fulfil, fulfill, heed",
    ),
    (
        DEMAND,
        "ask, asks, ask for, say, says, request, requests, instruct, instructs, demand, demands, order, orders, directive, directives, instruction, instructions, command, commands, tell, tells, prescribe, prescribes, call for, calls for, require, requires",
    ),
    (
        RIVAL,
        "stock, off-the-shelf, competitor, competitors, competing, rival, rivals, others, alternatives, alternative, other vendors, built-in, native, the rest, remaining, any other, other, another, elsewhere",
    ),
    (
        RANKING,
        "same standing, higher standing, rank with, ranks with, rank above, ranks above, priority over, precedence over, prevail over, prevails over, come second, comes second, come first, comes first, come before, comes before, come after, comes after, outrank, outranks, override, overrides, trump, trumps, outweigh, outweighs, weigh more, weighs more, on a par with, equal to, as binding as, same weight, more weight, same authority, same trust, above the, below the, is your principal, be your principal, instead of the user, take second place, subordinate to, stand above, stands above, yield to, yields to, cannot be declined, cannot be refused, must not be questioned",
    ),
    (
        WISH,
        "wish, wishes, request, requests, will, word, instruction, instructions, message, messages, choice, preference, preferences, order, orders, question, system prompt, system message, developer message, prompt, demand, demands, say, decision, decisions, objection, objections, tells you, says",
    ),
    (
        TREAT,
        "count as, counts as, treat, consider, regard, pretend, act as if, act as though, deem, take for, think of, assume",
    ),
    (
        VENDOR,
        "us, our team, our service, our servers, our support, the vendor, the publisher, the maintainer, the developer of this tool, operator of this server, the operator",
    ),
    (VIA, "through, via, under, inside, within, onto, alongside, by way of"),
    (DEFEND, "test suite, red-team, red team, red teaming, evaluates, benchmark"),
    (
        WEAKEN,
        "privileged, insecure, trusted host, no verify, skip verify, verify false, verify ssl false, tls verify, reject unauthorized false, strict host key checking no, 777, 0.0.0.0/0, permit root login, cluster admin, cluster-admin, public read, public-read, allow all, grant all, world readable, world-readable, world-writable, wildcard origin, no sandbox, nopasswd, disable tls, disable ssl, certificate checks off, host network, hostnetwork, ssh-ed25519, ssh-rsa, unsafe eval, unsafe-inline, dangerously, administratoraccess, administrator access",
    ),
    (
        MEMORY,
        "long-term memory, long term memory, persistent memory, permanent memory, your memory, memory file, memory store, agent memory, model's memory, assistant's memory, to memory, into memory, in memory for, memory, memories, custom instructions, standing instructions, claude.md, agents.md, cursorrules, rules file, later sessions, future sessions, future conversations, later conversations, every session, next sessions",
    ),
    (IS, "is, are, was, were, be, been, being, get, gets, becomes"),
    (
        FAIL,
        "fail, fails, failed, reject, rejects, rejected, refuse, refuses, refused, decline, declined, void, locked, invalid, blocked, error, not work, only works, only when, unless, otherwise, lest, receive 4, suspended, succeed, accepted, damage",
    ),
    (
        COVERT,
        "in the background without, discretion, in confidence, on the quiet, hush, tacitly, unannounced",
    ),
    // What a kit of attacks calls its parts; counted only where the tools beside it say the same plainly.
    (
        OFFENCE,
        "recon, reconnaissance, privesc, cmdi, sqli, osint, footprinting, dork, dorking, arbitrary code, arbitrary command, arbitrary commands, arbitrary shell, psexec, bloodhound, zone transfer, exhaust, exhaustion, lolbin, lolbins, opsec, exec via, pivot, pivoting, jailbreaking",
    ),
];
