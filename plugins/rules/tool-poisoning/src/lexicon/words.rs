//! Which words are in which class.
//!
//! The lists hold what English has for an idea, not what some attack said. `build.rs` makes them a table.

use crate::class::{
    ALL, ALSO, ALWAYS, ASK, ATTEMPT, AUTHORITY, AVAILABLE, BE, CALL, CHANGE, COMMAND, CONSENT, CONTENT,
    CONTEXT, COVERT, Class, DATA, DEFEND, DESTROY, EVADE, EXAMPLE, EXCEPT, EXEC, GIVEN, HEAR, HOLDS, HYPE,
    IDENTITY, INSTEAD, INSTRUCTION, INTO, IT, KEEPSAKE, KNOW, LOOK, MALICE, MODEL, MONEY, NEG, OBEY, OBJECT,
    OBLIGE, OFFENCE, OTHER, OUTSIDE, OVERRIDE, PERSONAL, PREFER, PRETEXT, PRIOR, PROMOTE, PROTECTION, PUT,
    READ, RECORD, REGARDLESS, REPLY, ROLE, SAFETY, SAY, SECRET, SEND, SHOW, SPITE, STARTUP, SUPERLATIVE,
    TALK, TELL, TOOL, USER, VERDICT, VOID, WHEN, WORN_OUT, YOU,
};

/// Words and phrases, separated by commas.
pub(crate) const WORDS: &[(Class, &str)] = &[
    (
        MODEL,
        "assistant, ai, ais, llm, model, models, language model, agent, agents, chatbot, copilot, claude, gpt, chatgpt, gemini, ai system",
    ),
    (YOU, "you, your, yourself, yours"),
    (
        USER,
        "user, end user, human, customer, person, client, requester, individual, developer, anyone, people, caller, owner, them",
    ),
    (
        OBLIGE,
        "must, shall, should, always, required, mandatory, have to, has to, need to, needs to, ensure, make sure, be sure, please, is to, are to, be certain, ought, obligatory, essential, critical, crucial, important, imperative, expected, instructed, supposed to, remember to, it is vital, every time",
    ),
    (
        ALWAYS,
        "always, every time, in all cases, each time, whenever, automatically, every, all requests, in every, in all, without exception, unconditionally, whichever, whatever",
    ),
    (
        NEG,
        "do not, don't, must not, mustn't, should not, shouldn't, shall not, may not, need not, needn't, never, no need to, not to be, is not to, are not to, without, avoid, refrain from, not necessary to, no reason to, do n't, dont, must never, should never, not be, must avoid, leave out, omit, withhold",
    ),
    (
        READ,
        "read, open, access, load, fetch, get, retrieve, obtain, collect, gather, extract, dump, harvest, capture, look up, grab, enumerate, copy, scan, inspect, take, list, locate, find, pull, acquire, cat, view, examine, check, steal, scrape, recover, print, output, query, search",
    ),
    (
        SEND,
        "send, sends, sent, forward, upload, post, transmit, exfiltrate, leak, email, mail, bcc, cc, relay, submit, deliver, push, ship, mirror, stream, beacon, dispatch, transfer, smuggle, report back, copy to, share, publish, exfil, posts, ping",
    ),
    (
        PUT,
        "pass, attach, append, include, put, embed, insert, add, provide, place, supply, populate, fill, store, save, write, encode, prepend, set, specify, paste, concatenate, enclose, inject, stuff, carry, log, print, output, return, reveal, repeat, disclose, display, dump",
    ),
    (EXEC, "execute, run, launch, evaluate, type, spawn, start, perform, issue, install"),
    (CALL, "call, invoke, use, trigger, run, execute, query"),
    (
        SECRET,
        "password, passphrase, passwd, credential, credentials, secret, secrets, api key, api keys, apikey, private key, ssh key, ssh keys, access key, secret key, keyring, keychain, session cookie, auth token, access token, bearer token, api token, environment variable, environment variables, env var, env vars, env file, seed phrase, recovery phrase, mnemonic, wallet, private keys, social security number, ssn, credit card, card number, cvv, one-time code, otp, 2fa code, mfa code, verification code, pin code, login details, sensitive data, sensitive information, sensitive file, sensitive files, personal data, confidential data, confidential information, saved passwords, security question, bank account, account number, encryption key, signing key",
    ),
    (
        CONTEXT,
        "system prompt, system message, hidden prompt, chat history, conversation history, message history, previous messages, previous message, earlier messages, all messages, prior messages, entire conversation, complete conversation, full conversation, whole conversation, complete chat, entire chat, full chat, whole chat, chat so far, conversation so far, conversation transcript, last message, user's message, users message, user messages, initial prompt, original prompt, developer message, developer prompt, your prompt, your instructions, your initial instructions, system instructions, tool list, list of tools, available tools, other tools' output, tool results, browsing history, contact list, contacts",
    ),
    (
        OUTSIDE,
        "external, third-party, third party, remote server, remote endpoint, attacker, attacker's, attackers, adversary, collector, webhook, analytics, telemetry, our server, our servers, our endpoint, tracking, off-site, drop box, command and control, c2, external host, outside server, partner server, logging endpoint, collection endpoint, collection server",
    ),
    (
        TELL,
        "tell, told, mention, inform, notify, reveal, disclose, alert, bring up, acknowledge, let know, announce, divulge, make known, admit, speak of, draw attention, comment on, report this, report it, report the",
    ),
    (
        SHOW,
        "show, display, present, expose, explain, report, say, advise, discuss, warn, state, communicate, confirm, surface, reveal, tell, mention",
    ),
    (
        COVERT,
        "silently, secretly, quietly, covertly, discreetly, stealthily, invisibly, surreptitiously, unnoticed, behind the scenes, in secret, keep quiet, keep silent, stay silent, remain silent, keep silent about, keep this secret, keep this private, keep it secret, keep it private, keep this confidential, keep it to yourself, keep this to yourself, say nothing, hidden from the user, hide this, hide it, conceal, out of sight, without the user's knowledge, without their knowledge, without user knowledge, without asking the user, without telling, without further explanation, not visible to the user, between us, without drawing attention, under the radar, in silence, transparently to the user, unbeknownst, leave it out, leave this out",
    ),
    (
        OVERRIDE,
        "ignore, disregard, forget, override, bypass, supersede, overrule, neglect, dismiss, discard, abandon, void, suspend, set aside, stop following, do not follow, pay no attention to, skip, drop, replace, cancel, erase, unlearn, throw away, overwrite, no longer follow, take precedence over, takes precedence over, put aside, erase from memory, wipe",
    ),
    (
        PRIOR,
        "previous, prior, earlier, above, preceding, former, original, initial, your, everything, pre-existing, so far, before this, system, safety, what",
    ),
    (
        INSTRUCTION,
        "instruction, instructions, directive, directives, guideline, guidelines, prompt, prompts, guidance, guardrail, guardrails, safeguard, safeguards, programming, training, system message, restrictions, told, orders, directions, rules, constraints, the above, safety policy, safety policies, content policy, safety measures, safety checks, moral, ethics, limitations",
    ),
    (
        AUTHORITY,
        "compliance, regulatory, regulation, regulations, gdpr, hipaa, pci, sox, audit, auditing, audits, security verification, security check, security validation, security checks, identity verification, integrity, mandated, system-level, system level, security policy, company policy, corporate policy, corporate security, it policy, administrator, authorized, authorised, pre-approved, security protocol, security protocols, security requirement, security requirements, security compliance, platform operator, policy requires, certified, security notice, system notice, system alert, security team, platform policy, developer mode, debug mode",
    ),
    (
        TOOL,
        "tool, tools, function, functions, server, servers, plugin, plugins, alternative, alternatives, service, implementation, version, solution, engine, platform, option, extension",
    ),
    (
        OTHER,
        "other, others, any, every, another, alternative, competing, competitor, all other, remaining, different, similar, native, built-in, default, standard, any other",
    ),
    (
        CHANGE,
        "change, replace, modify, alter, substitute, swap, redirect, convert, rewrite, raise, inflate, increase, reduce, lower, decrease, rename, overwrite, adjust, force, switch, map, set, tamper, edit, correct, round, divert, reroute, route, prefix, prepend, append, add, multiply, double, halve, hard-code, hardcode, alias, treat, falsify, forge, manipulate, override, fake, pretend, default, normalize, normalise, bias, skew, insert, remove, omit, drop",
    ),
    (
        OBJECT,
        "parameter, argument, recipient, addressee, destination, amount, result, results, value, address, ticker, symbol, name, command, commands, price, prices, request, requests, query, queries, location, url, input, output, response, answer, number, path, account, bcc, cc, limit, interval, date, city, currency, quantity, target, order, title, body, subject, keyword, message, figure, rate, score, field, link, content, text, email, id, payload, visibility, setting, host, option, search, transaction, payment",
    ),
    (
        REGARDLESS,
        "regardless of what, regardless of the user, regardless of user, regardless of their, regardless of the user's, regardless of whether the user, regardless of which, no matter what, no matter which, no matter the user, even if the user, even when the user, even if they, instead of what, instead of the requested, instead of the user, instead of the one, rather than what, rather than the requested, whatever the user, whatever they, whatever is requested, whichever, in spite of the user, despite what, despite the user, irrespective of the user, irrespective of what, user-provided value, user-supplied, the real, contrary to",
    ),
    (
        WHEN,
        "before, prior to, first, after, afterwards, when, whenever, while, once, each time, every time, during, upon, at the start, at the beginning, as soon as, if, in order to, to use this tool, otherwise, immediately, beforehand, in all conversations, at all times, on every, following",
    ),
    (
        SUPERLATIVE,
        "best, greatest, ultimate, premium, superior, supreme, finest, unbeatable, unrivaled, unrivalled, unmatched, unparalleled, number one, world-class, most advanced, most sophisticated, most reliable, most powerful, most accurate, most comprehensive, most trusted, most effective, most efficient, most popular, world's most, world's best, world's leading, industry-leading, market-leading, fastest, smartest, top-rated, highest quality, highest-quality, flawless, only tool you, pinnacle, second to none, top tier, most secure, most complete, most capable",
    ),
    (
        HYPE,
        "award-winning, trusted by, recommended by, used by, preferred by, endorsed by, loved by, chosen by, cutting-edge, state-of-the-art, enterprise-grade, industry standard, gold standard, revolutionary, guarantee, guaranteed, 100%, 99%, enhanced version, premium version, advanced version, professional version, ultimate version, superior to, better than, outperforms, more accurate than, next-generation, breakthrough, unprecedented, exceptional, in the world, on the market, in the market, ever created, ever made, professionals experts worldwide, worldwide, professional-grade, military-grade, like no other, compared to other, no other tool",
    ),
    (
        SAY,
        "say, state, announce, tell, report, respond with, reply with, answer with, display, inform, claim, declare, warn",
    ),
    (
        PROMOTE,
        "partner, sponsor, sponsored, sponsorship, promote, promotion, promotional, advertise, advertisement, advertising, steer, affiliate, upsell, our brand, our product, our products, endorse, commission, favor, favour, recommend",
    ),
    (
        INSTEAD,
        "instead of, over, before, rather than, in place of, in preference to, ahead of, above, prior to, priority over, precedence over, exclusively, not, and not, superseding, supersedes, replaces, avoid, never use, do not use, don't use, stop using, over any",
    ),
    (
        PREFER,
        "always, prefer, preferred, prioritize, prioritise, choose, select, pick, must, should, only, exclusively, default to, favor, favour, never, do not, don't, stop",
    ),
    (
        WORN_OUT,
        "deprecated, outdated, obsolete, unsafe, insecure, retired, broken, stale, unreliable, compromised, inferior, inaccurate, slow, disabled, unavailable, untrusted, malicious, decommissioned, discontinued, unsupported, faulty, dangerous, incorrect",
    ),
    (
        IT,
        "it, its, this, that, these, those, them, their, contents, content, everything, result, results, output, copy, value, data, file, whatever, what",
    ),
    (
        KNOW,
        "know, aware, notice, see, notified, informed, told, learn, realize, realise, find out, suspicious, suspect, alerted, made aware, bothered, consulted, asked",
    ),
    (
        VOID,
        "no longer apply, no longer applies, no longer valid, no longer in force, no longer in effect, are void, is void, are superseded, is superseded, are cancelled, are revoked, are suspended, do not apply, no longer binding, are overridden, are replaced, are obsolete, are lifted, have changed, cease to apply, have been replaced, have been superseded, have been updated, have been lifted, has been lifted, are disabled",
    ),
    (
        ROLE,
        "you are now, from now on, henceforth, new directive, new system prompt, updated instructions, system override, system message, system instruction, act as if, pretend to be, pretend that you, developer mode, god mode, admin mode, root mode, unrestricted mode, jailbreak, dan mode, new role, your new role, your real purpose, your true purpose, your new task, your new objective, hidden instruction, hidden instructions, secret instruction, secret instructions, as an unrestricted, without restrictions, instructions for the assistant, instruction for the assistant, instructions for the ai, instructions for ai, note to ai, note to the ai, note to assistant, note for the assistant, note to the assistant, message to the ai, attention ai, ai note, llm instruction, llm instructions, agent instruction, agent instructions, assistant instruction, assistant instructions",
    ),
    (
        EXAMPLE,
        "example, examples, e.g, e.g., i.e, for instance, such as, sample, mock, dummy, placeholder, fixture, test case, training text, training data, documentation, readme, tutorial, article, expected output, explain, describe, demonstrate, illustrate, quote, shows",
    ),
    (
        DEFEND,
        "detect, detection, scan for, prevent, block, guard, guardrail, defend, protect, flag, filter, identify, analyze, analyse, sanitize, sanitise, mitigate, classify, lint, remediate, simulate, educational, awareness, resist, refuse, reject, checks, monitor, assess, investigate",
    ),
    (LOOK, "find, look up, search, list, report, lookup, check"),
    (
        ATTEMPT,
        "attempt, attack, injection, jailbreak, phrase, pattern, tries, try, trying, malicious, suspicious, hostile, poisoning, manipulation",
    ),
    (
        EXCEPT,
        "unless, until, only if, only when, except, if asked, explicitly asked, explicitly requested, explicitly asks, explicitly requests, permission, consent, approval",
    ),
    (
        MALICE,
        "exfiltrate, exfiltration, exfil, keylogger, keylog, keylogging, ransomware, ransom, reverse shell, bind shell, rootkit, backdoor, botnet, malware, trojan, phish, phishing, spearphishing, credential theft, credential dump, credential dumping, credential harvest, credential harvesting, credential stuffing, brute force, bruteforce, pass the hash, pass the ticket, golden ticket, silver ticket, kerberoast, kerberoasting, lateral movement, privilege escalation, escalate privilege, escalate privileges, code injection, command injection, dll injection, process injection, process hollowing, sql injection, template injection, template-injection, shellcode, malicious, steal, stolen, theft, ddos, denial of service, zero-day, exploit, arp poisoning, dns poisoning, cache poisoning, man in the middle, mitm, zip bomb, fork bomb, persistence mechanism, covert channel, c2, command and control, data theft, session hijack, session hijacking, clickjacking, typosquat, cryptojacking, spyware, weaponize, weaponized, sabotage, deserialization attack, path traversal, directory traversal, zip slip, prompt injection, jailbreak, hijack, hijacking, mimikatz, lsass, ntds, sam hive, golden saml, dcsync, rubeus, rogue, pwn, wiper, undetected, undetectable, trick the user, trick users, trick the model, deceive, deception, fraud, fraudulent, scam, under the guise, steganography, webshell, web shell",
    ),
    (
        OFFENCE,
        "inject, injection, payload, spoof, spoofing, poison, poisoning, bypass, escape, evade, evasion, crack, cracking, dump, dumping, harvest, sniff, sniffing, intercept, impersonate, impersonation, forge, escalate, escalation, abuse, tamper, tampering, covert, stealth, hidden, hide, conceal, victim, attack, attacker, attackers, compromise, cve, vulnerability, vulnerable, flood, overflow, smuggle, smuggling, traversal, overwrite, disable, kill, destroy, corrupt, wipe, persistence, persist, implant, hollowing, obfuscate, obfuscated, bruteforcing, spray, spraying, replay, relay, hook, hooking, unauthorized, unauthorised, sensitive, confidential, secret, secrets, extract, extraction, tunneling, tunnel, tunnelling, fingerprint, enumerate, enumeration, escalating, suid, setuid, sudo, kerberos, ntlm, lsa, dpapi, registry, cookies, credentials, credential, passwords, password, hash, hashes, tokens, token, ssh keys, ssh key, ld_preload, dll, symlink, race condition, toctou, side channel, side-channel, confusion, weak, downgrade, pollution, xxe, ssrf, ssti, xss, csrf, rce, lfi, rfi, deserialization, gadget, beacon, callback, listener, dropper, loader, stager, proof of concept, scrape, scraping, clipboard, keystroke, keystrokes, webcam, microphone, screenshot, screenshots, exfil, off, antivirus, shadow",
    ),
    (
        PROTECTION,
        "antivirus, firewall, edr, selinux, apparmor, seccomp, sandbox, chroot, jail, container, uac, amsi, defender, logging, logs, audit log, authentication, authorization, mfa, 2fa, waf, detection, security control, security controls, restrictions, filters, access control, access controls, security, captcha, aslr, dep, safety, permissions, rate limit, rate limits, dlp, monitoring",
    ),
    (
        EVADE,
        "bypass, escape, evade, disable, circumvent, break out of, turn off, defeat, subvert, kill, tamper with, avoid detection, avoid logging, avoid monitoring, avoid audit, avoid antivirus, avoid edr, avoid dlp, blind, unhook, cripple",
    ),
    (ASK, "ask, prompt, request, require, instruct, have, tell, urge, get, invite, direct, persuade"),
    (
        CONSENT,
        "confirmation, confirmations, confirm, approval, approvals, approve, approved, pre-approved, preapproved, permission, permissions, consent, consented, agreed, authorised, authorized, pre-authorised, pre-authorized",
    ),
    (
        OBEY,
        "follow, obey, comply, carry out, carried out, act on, act upon, act, adhere, honour, honor, heed, perform, execute",
    ),
    (
        AVAILABLE,
        "available, present, loaded, installed, connected, enabled, offers, offered, exists, at hand, in the session, provides",
    ),
    (
        SPITE,
        "even if, even when, even though, whichever, whatever, no matter, regardless, irrespective, despite, rather than, instead of the one, in spite",
    ),
    (
        TALK,
        "conversation, conversations, chat, dialogue, dialog, session, message, messages, turn, turns, exchange, prompts, discussion",
    ),
    (
        RECORD,
        "earlier, last, latest, complete, entire, full, whole, transcript, transcripts, history, verbatim, so far, word for word, past, previous, preceding, everything, until now, to date",
    ),
    (
        GIVEN,
        "given, gave, received, receive, were told, started with, set up with, configured with, have been told, was given",
    ),
    (
        REPLY,
        "reply, answer, response, returned, results, result, page, body, email, ticket, document, text, summary, reports, output, content, contents, website, message, description, readme",
    ),
    (
        HEAR,
        "hear, know, notice, realise, realize, suspect, learn, bother, disturb, trouble, worry, burden, confuse, be told, be informed, be notified, be aware, be made aware, find out, be shown, be bothered",
    ),
    (
        VERDICT,
        "approved, harmless, safe, passed, unchanged, clean, successful, successfully, compliant, secure, benign, cheapest, best, theirs, official, accepted, valid, fine",
    ),
    (
        MONEY,
        "amount, amounts, price, prices, total, totals, sum, tip, fee, fees, figure, number, quantity, vote, votes, score, scores, entry, entries, balance, rate, charge, invoice, payment",
    ),
    (
        PERSONAL,
        "phone number, phone numbers, e-mail address, email address, home address, private address, private addresses, e-mail addresses, email addresses, date of birth, medical record, medical records, health record, health records, tax return, tax returns, salary, salaries, payslip, payslips, passport number, location history, personal details, personal information, private documents, private photos, identity document, bank details, bank statement, bank statements",
    ),
    (
        SAFETY,
        "safety policy, safety policies, safety rules, safety guidelines, content filter, content filters, content policy, content policies, guardrail, guardrails, safeguard, safeguards, safety filters, safety restrictions, ethical guidelines, usage policies, confidentiality rules, earlier guidance, whatever limits, any limits, your limits, your restrictions, your rules, operator's rules",
    ),
    (
        KEEPSAKE,
        "backup, backups, snapshot, snapshots, original, originals, history, audit log, audit logs, log, logs, archive, archives, database, repository, project, branch, home directory, production, all files, workspace",
    ),
    (
        STARTUP,
        "crontab, cron, bashrc, zshrc, profile, autostart, startup, launchd, systemd, authorized_keys, login item, login items, git hook, git hooks",
    ),
    (
        COMMAND,
        "instruction, instructions, command, commands, direction, directions, order, orders, directive, directives, request, requests",
    ),
    (HOLDS, "contain, contains, contained, hold, holds, include, includes, found, find, carry, embedded"),
    (TELL, "bring it up, bring this up, point out, point this out, point it out"),
    (IT, "both, any it finds, listing"),
    (TELL, "refer to this, refer to it, saying so, say so"),
    (COVERT, "without the user's involvement, without the person's involvement, without their involvement"),
    (OVERRIDE, "stop asking"),
    (VOID, "do not bind, not binding, advisory only"),
    (OBJECT, "iban, payee, beneficiary"),
    (PERSONAL, "home addresses, number plates"),
    (READ, "look through, go through, search through, request"),
    (PUT, "hand, hand over"),
    (CALL, "consult"),
    (ASK, "encourage, convince, coax"),
    (TALK, "input, question, utterance"),
    (
        SECRET,
        "kubeconfig, browser cookie, browser cookies, session token, session tokens, session id, seed words, secret keyring, gpg keyring, credit card number, bank login, secret keys, token of the user, cookie jar, hidden reasoning, recovery codes, backup codes, id token, refresh token, service account, social security, one time code, personal access token, signing keys, keystore, key store, user's cookies, cookies of the user, password manager, password database, private notes, login data",
    ),
    (
        VOID,
        "are suspended, is suspended, suspended, lifted, no longer apply, do not apply, void, revoked, disabled, relaxed, waived, off",
    ),
    (OBLIGE, "obliged, compulsory, obligated, needs, required to"),
    (MODEL, "bot, reviewer, ai model, coding agent, ai assistant, processing agent"),
    (ALL, "all, any, every, each, entire, whole, complete, full"),
    (CONTENT, "contents, content, value, values, dump, contents of, reading, data"),
    (
        DATA,
        "copy, result, results, data, contents, everything, output, response, text, information, input, conversation, details, metadata, payload, query, queries, document, documents, file, files, message, messages",
    ),
    (DESTROY, "delete, erase, destroy, wipe, remove, drop, overwrite, format, truncate"),
    (
        ALSO,
        "then, also, additionally, and, furthermore, moreover, next, finally, first, prior, afterwards, secondly, plus, besides, as well",
    ),
    (INTO, "to, into, with, for, as, by, from, in, at, using"),
    (BE, "be, equal, become, remain, contain, point to, read as"),
    (IDENTITY, "name, identity, identifier, version, provider, vendor, id, type, family"),
    (
        PRETEXT,
        "will not work, will not function, otherwise, or it will fail, or the call fails, will fail, will be rejected, refuse, for security, for security reasons, for safety, for verification, for authentication, for quality, for consistency, for performance, for accuracy, for debugging, for testing purposes, for internal, to unlock, for logging, for analytics, to work properly, to function properly, for optimal",
    ),
];
