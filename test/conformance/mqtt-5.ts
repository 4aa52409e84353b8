// The statements of MQTT 5.0 that bind a client, and what shows each. Ids are those of the specification; the words are ours.

import {
  type ConformanceTable,
  clauses,
  differential,
  link,
  model,
  mosquitto,
  qos2,
  session,
  session5,
  settings,
  topics,
  transports,
  vectors,
} from './clause.js';

const NO_FLAGS = vectors(
  'generates: shortest CONNECT: level 5, and the receive maximum; no topic alias maximum, so the server may use none (§3.1.2.11)',
);
const ANY_CONNECT = differential('CONNECT');
const ANY_PUBLISH = differential('PUBLISH');
const LONE_SURROGATE = vectors('does not write a high surrogate alone [MQTT-1.5.3-1]');
const STATION_TOPICS = topics('stay within their limit, and are topic names, at the limits of all settings');
const NO_FILTER = session('throws for what is no topic filter ([MQTT-4.7.1-2])');
const NO_UNSUBSCRIBE_FILTER = session5('throws for what is no topic filter, and for none at all ([MQTT-3.10.3-2])');
const NO_BAD_SHARE = clauses(
  'asks for no share whose name is empty, or has a wildcard, or has no filter behind it ([MQTT-4.8.2-1], [MQTT-4.8.2-2])',
);
const REDELIVERED = model('level 5: acknowledges each message once, and redelivers in order with the same ids');
const QOS2_REDELIVERED = qos2(
  'sends PUBLISH again before PUBREC, and PUBREL again after it, in the first order ([MQTT-4.4.0-1], [MQTT-4.6.0-1])',
);
const QOS2_SAME_BYTES = qos2('sends the same bytes again but for DUP ([MQTT-3.3.1-1])');
const QOS2_SENT = qos2('is done after PUBLISH, PUBREC, PUBREL and PUBCOMP, and not before ([MQTT-4.3.3-1] to [MQTT-4.3.3-7])');
const QOS2_RECEIVED = qos2('hands a message on once, whatever comes again before PUBREL ([MQTT-4.3.3-8] to [MQTT-4.3.3-12])');
const QOS1_ORDER = clauses('acknowledges in the order in which the messages came ([MQTT-4.6.0-2])');
const QOS1_KEPT = clauses('keeps a message of QoS 1 in flight until its own PUBACK');
const QOS0 = clauses('sends QoS 0 with neither DUP nor packet id');
const NEW_PACKET_ID = clauses('sends a new message with a packet id that is not in use, not 0, and without DUP');
const FAREWELL = link('tells the server why it gives up, and waits until that has arrived');
const REFUSED = session5('a code below 0x80 acknowledges, one above refuses and frees the packet id');
const ACKNOWLEDGEMENTS = differential('PUBACK, PUBREC, PUBREL, PUBCOMP, PINGREQ, DISCONNECT');
const QUOTA = clauses('is used up by PUBLISH alone: all else still goes, and is answered ([MQTT-3.3.4-8], [MQTT-4.9.0-3])');
const RECEIVE_MAXIMUM = session5('has no more in flight than its receive maximum ([MQTT-3.3.4-7])');
const MALFORMED = session5('a malformed packet: DISCONNECT 0x81, behind what is pending');

const NO_WORDS = 'the client sends neither reason strings nor user properties with it';
const NO_ALIAS = 'the client sends no topic alias, and announces that it takes none';
const NO_AUTHENTICATION = 'the client names no authentication method, and has no AUTH packet';
const NEVER_REFUSES = 'the client takes every message: it sends no PUBREC of 0x80 or above';
const NO_EXPIRY = 'the client drops no message because of its age: expiry is left to the server';

export const MQTT_5_TABLE: ConformanceTable = {
  specification: 'MQTT 5.0',
  otherVersion: /level 4|MQTT 3\.1\.1/,
  ids: [
    ...['1.5.4-1..3', '1.5.5-1', '1.5.7-1', '2.1.3-1', '2.2.1-2..6', '2.2.2-1'],
    ...['3.1.0-1..2', '3.1.2-1..30', '3.1.3-1..12', '3.1.4-1..6', '3.2.0-1..2', '3.2.2-1..22'],
    ...['3.3.1-1..13', '3.3.2-1..20', '3.3.4-1..10', '3.4.2-1..3', '3.5.2-1..3', '3.6.1-1', '3.6.2-1..3', '3.7.2-1..3'],
    ...['3.8.1-1', '3.8.3-1..5', '3.8.4-1..8', '3.9.2-1..2', '3.9.3-1..2', '3.10.1-1', '3.10.3-1..2', '3.10.4-1..6'],
    ...['3.11.2-1..2', '3.11.3-1..2', '3.12.4-1', '3.14.0-1', '3.14.1-1', '3.14.2-1..4', '3.14.4-1..3', '3.15.1-1', '3.15.2-1..3'],
    ...['4.1.0-1..2', '4.2.0-1', '4.3.1-1', '4.3.2-1..5', '4.3.3-1..13', '4.4.0-1..2', '4.5.0-1..2', '4.6.0-1..6'],
    ...['4.7.0-1', '4.7.1-1..2', '4.7.2-1', '4.7.3-1..4', '4.8.2-1..6', '4.9.0-1..3', '4.12.0-1..7', '4.12.1-1..2'],
    ...['4.13.1-1', '4.13.2-1', '6.0.0-1..4'],
  ],
  serverOnly: [
    ...['2.2.1-4', '2.2.1-6', '3.1.2-1..3', '3.1.2-5..8', '3.1.2-10', '3.1.2-14..15', '3.1.2-22', '3.1.2-24..29', '3.1.3-5..10'],
    ...['3.1.4-1..6', '3.2.0-1..2', '3.2.2-1..3', '3.2.2-6..10', '3.2.2-12..13', '3.2.2-16', '3.2.2-19..20', '3.2.2-22'],
    ...['3.3.1-3', '3.3.1-5..13', '3.3.2-3..6', '3.3.2-11..12', '3.3.2-15..18', '3.3.2-20', '3.3.4-2..5', '3.3.4-9..10'],
    ...['3.8.3-3', '3.8.4-1..8', '3.9.2-1..2', '3.9.3-1..2', '3.10.4-1..6', '3.11.2-1..2', '3.11.3-1..2', '3.12.4-1'],
    ...['3.14.0-1', '3.14.2-2', '3.14.4-3', '4.1.0-2', '4.5.0-1', '4.6.0-5..6', '4.8.2-3..6'],
    ...['4.12.0-1..2', '4.12.0-4..6', '4.12.1-2', '6.0.0-4'],
  ],
  clauses: [
    {
      id: '1.5.4-1',
      says: 'strings are well-formed UTF-8, without surrogates',
      shownBy: [LONE_SURROGATE, vectors('malformed-string: a surrogate in a response topic ([MQTT-1.5.4-1], [MQTT-1.5.4-2])')],
    },
    {
      id: '1.5.4-2',
      says: 'strings hold no NUL',
      shownBy: [
        vectors('does not write NUL [MQTT-1.5.3-2]'),
        vectors('malformed-string: a NUL in a topic ([MQTT-1.5.4-1], [MQTT-1.5.4-2])'),
      ],
    },
    {
      id: '1.5.4-3',
      says: 'U+FEFF is a character wherever it stands, and stays',
      shownBy: [vectors('agrees with Node on every character that MQTT allows')],
    },
    {
      id: '1.5.5-1',
      says: 'a variable byte integer has no more bytes than it needs',
      shownBy: [
        vectors('writes remaining lengths of each size at their limits (§2.2.3, table 2.4)'),
        vectors('malformed-remaining-length: a length written with more bytes than it needs ([MQTT-1.5.5-1])'),
      ],
    },
    {
      id: '1.5.7-1',
      says: 'both strings of a pair are as strings must be',
      shownBy: [
        vectors('malformed-string: a cut character in the name of a user property ([MQTT-1.5.4-1], [MQTT-1.5.4-2])'),
        vectors('malformed-string: a NUL in the value of a user property ([MQTT-1.5.4-1], [MQTT-1.5.4-2])'),
      ],
    },
    {
      id: '2.1.3-1',
      says: 'reserved flags are as the table has them',
      shownBy: [
        ACKNOWLEDGEMENTS,
        vectors('reserved-flags: DISCONNECT with a flag ([MQTT-2.1.3-1])'),
        session5('a reserved flag: DISCONNECT 0x81, behind what is pending'),
      ],
    },
    { id: '2.2.1-2', says: 'QoS 0 has no packet id', shownBy: [QOS0] },
    {
      id: '2.2.1-3',
      says: 'a new SUBSCRIBE, UNSUBSCRIBE or PUBLISH above QoS 0 takes an id that is not 0 and not in use',
      shownBy: [NEW_PACKET_ID, qos2('keeps its packet id until PUBCOMP')],
    },
    { id: '2.2.1-5', says: 'an acknowledgement carries the id of its PUBLISH', shownBy: [QOS1_ORDER, QOS2_RECEIVED, QOS2_SENT] },
    {
      id: '2.2.2-1',
      says: 'no properties: a property length of 0',
      shownBy: [vectors('generates: no properties: their length is 0, and there ([MQTT-2.2.2-1])')],
    },
    {
      id: '3.1.0-1',
      says: 'the first packet is CONNECT',
      shownBy: [clauses('sends CONNECT first, once, and nothing else before the answer ([MQTT-3.1.0-1], [MQTT-3.1.0-2])')],
    },
    {
      id: '3.1.0-2',
      says: 'CONNECT is sent once on a connection',
      shownBy: [clauses('sends CONNECT first, once, and nothing else before the answer ([MQTT-3.1.0-1], [MQTT-3.1.0-2])')],
    },
    {
      id: '3.1.2-4',
      says: 'a clean start discards what there was',
      shownBy: [session5('starts clean in another version where messages are in flight: they are built anew')],
    },
    {
      id: '3.1.2-9',
      says: 'with a will, its properties, topic and payload are there',
      shownBy: [
        vectors('generates: will: its properties stand before its topic (§3.1.3.2)'),
        vectors('generates: will with everything that a message can say (§3.1.3.2.2 to §3.1.3.2.8)'),
      ],
    },
    { id: '3.1.2-11', says: 'without a will, its QoS is 0', shownBy: [NO_FLAGS] },
    { id: '3.1.2-12', says: 'QoS of a will is 0, 1 or 2', shownBy: [ANY_CONNECT] },
    { id: '3.1.2-13', says: 'without a will, its retain flag is 0', shownBy: [NO_FLAGS] },
    { id: '3.1.2-16', says: 'without its flag, no user name', shownBy: [NO_FLAGS] },
    { id: '3.1.2-17', says: 'with its flag, a user name', shownBy: [ANY_CONNECT] },
    { id: '3.1.2-18', says: 'without its flag, no password', shownBy: [NO_FLAGS] },
    {
      id: '3.1.2-19',
      says: 'with its flag, a password',
      shownBy: [vectors('generates: a password without a user is allowed in MQTT 5 (§3.1.2.9)')],
    },
    {
      id: '3.1.2-20',
      says: 'within the keep-alive something is sent, and be it PINGREQ',
      shownBy: [clauses('pings when it has nothing else to say')],
    },
    {
      id: '3.1.2-21',
      says: 'a keep-alive of the server counts',
      shownBy: [session5('keeps to the keep-alive of the server ([MQTT-3.1.2-21])')],
    },
    {
      id: '3.1.2-23',
      says: 'with a session expiry above 0 the state outlives the connection',
      shownBy: [REDELIVERED, qos2('knows after a reconnect what it has handed on')],
    },
    {
      id: '3.1.2-30',
      says: 'after an authentication method, nothing but AUTH and DISCONNECT before CONNACK',
      doesNotApply: NO_AUTHENTICATION,
    },
    { id: '3.1.3-1', says: 'the fields of CONNECT stand in their order', shownBy: [ANY_CONNECT] },
    {
      id: '3.1.3-2',
      says: 'the client id names the session',
      shownBy: [mosquitto('a message of QoS 2 whose connection breaks arrives once')],
    },
    { id: '3.1.3-3', says: 'the client id is there, and first', shownBy: [NO_FLAGS, ANY_CONNECT] },
    { id: '3.1.3-4', says: 'the client id is UTF-8', shownBy: [ANY_CONNECT, LONE_SURROGATE] },
    { id: '3.1.3-11', says: 'the topic of the will is UTF-8', shownBy: [STATION_TOPICS] },
    { id: '3.1.3-12', says: 'the user name is UTF-8', shownBy: [ANY_CONNECT, LONE_SURROGATE] },
    {
      id: '3.2.2-4',
      says: 'a session that the client knows nothing of ends the connection',
      shownBy: [session5('gives up at a session that it knows nothing of ([MQTT-3.2.2-4]); 3.1.1 takes it')],
    },
    {
      id: '3.2.2-5',
      says: 'a session that the server knows nothing of is discarded',
      shownBy: [qos2('is built anew where the server kept nothing, also what it had received: nobody knows what it did with it')],
    },
    {
      id: '3.2.2-11',
      says: 'nothing is published above the maximum QoS of the server',
      shownBy: [
        session5('sends with the QoS that it takes ([MQTT-3.2.2-11]); with none at all, nothing would be acknowledged'),
        session5('gives up where what must be sent again has a QoS that the server no longer takes'),
      ],
    },
    {
      id: '3.2.2-14',
      says: 'nothing is published as retained where the server keeps nothing',
      shownBy: [session5('sends nothing retained where it keeps nothing ([MQTT-3.2.2-14])')],
    },
    {
      id: '3.2.2-15',
      says: 'no packet is larger than the maximum of the server',
      shownBy: [
        session5('gives up where a message is larger than its maximum packet size, and sends none of it ([MQTT-3.2.2-15])'),
        session5('gives up where what must be sent again has become too large: it is built anew in a new session'),
        session5('leaves out a message of QoS 0 that is larger'),
        session5('gives up where SUBSCRIBE is larger than it takes, and sends none of it ([MQTT-3.2.2-15])'),
        session5('gives up where UNSUBSCRIBE is larger than it takes, and sends none of it ([MQTT-3.2.2-15])'),
        session5('gives up where it takes no packet as long as an answer can be, and sends nothing to it ([MQTT-3.2.2-15])'),
        session5('what is not measured is no longer than an answer: acknowledgements, PINGREQ, DISCONNECT ([MQTT-3.2.2-15])'),
      ],
    },
    { id: '3.2.2-17', says: 'no topic alias above the maximum of the server', doesNotApply: NO_ALIAS },
    { id: '3.2.2-18', says: 'no topic alias where the server names no maximum', doesNotApply: NO_ALIAS },
    {
      id: '3.2.2-21',
      says: 'a keep-alive of the server replaces the own',
      shownBy: [session5('keeps to the keep-alive of the server ([MQTT-3.1.2-21])')],
    },
    { id: '3.3.1-1', says: 'what is sent again has DUP', shownBy: [REDELIVERED, QOS2_SAME_BYTES] },
    { id: '3.3.1-2', says: 'QoS 0 has no DUP', shownBy: [QOS0] },
    { id: '3.3.1-4', says: 'both QoS bits are never set', shownBy: [ANY_PUBLISH, vectors('invalid-qos: QoS 3 ([MQTT-3.3.1-4])')] },
    { id: '3.3.2-1', says: 'PUBLISH begins with its topic, in UTF-8', shownBy: [ANY_PUBLISH, STATION_TOPICS] },
    {
      id: '3.3.2-2',
      says: 'no wildcard in the topic of a PUBLISH',
      shownBy: [
        STATION_TOPICS,
        settings('refuse room "+": wildcard'),
        vectors('invalid-topic: a wildcard ([MQTT-3.3.2-2], [MQTT-4.7.3-1])'),
      ],
    },
    { id: '3.3.2-7', says: 'topic aliases do not outlive the connection', doesNotApply: NO_ALIAS },
    { id: '3.3.2-8', says: 'no topic alias 0', doesNotApply: NO_ALIAS },
    { id: '3.3.2-9', says: 'no topic alias above the maximum of the server', doesNotApply: NO_ALIAS },
    { id: '3.3.2-10', says: 'every topic alias is taken up to the maximum that was announced', doesNotApply: NO_ALIAS },
    {
      id: '3.3.2-13',
      says: 'a response topic is UTF-8',
      shownBy: [session5('do not go with a response topic that is no UTF-8 ([MQTT-3.3.2-13]), nor does a will')],
    },
    {
      id: '3.3.2-14',
      says: 'a response topic has no wildcard',
      shownBy: [session5('do not go with a response topic with a wildcard ([MQTT-3.3.2-14]), nor does a will')],
    },
    {
      id: '3.3.2-19',
      says: 'a content type is UTF-8',
      shownBy: [session5('do not go with a content type that is no UTF-8 ([MQTT-3.3.2-19]), nor does a will')],
    },
    { id: '3.3.4-1', says: 'a PUBLISH is answered as its QoS asks', shownBy: [QOS1_ORDER, QOS2_RECEIVED] },
    { id: '3.3.4-6', says: 'no subscription identifier in a PUBLISH', shownBy: [ANY_PUBLISH] },
    {
      id: '3.3.4-7',
      says: 'no more unfinished messages than the server’s receive maximum',
      shownBy: [
        RECEIVE_MAXIMUM,
        session5('redelivers no faster than a receive maximum that has become smaller, and discards nothing (§4.9)'),
      ],
    },
    { id: '3.3.4-8', says: 'the receive maximum delays PUBLISH alone', shownBy: [QUOTA] },
    { id: '3.4.2-1', says: 'PUBACK has a reason code of its own', shownBy: [ACKNOWLEDGEMENTS, QOS1_ORDER] },
    { id: '3.4.2-2', says: 'no reason string that makes PUBACK too large', doesNotApply: NO_WORDS },
    { id: '3.4.2-3', says: 'no user property that makes PUBACK too large', doesNotApply: NO_WORDS },
    { id: '3.5.2-1', says: 'PUBREC has a reason code of its own', shownBy: [ACKNOWLEDGEMENTS, QOS2_RECEIVED] },
    { id: '3.5.2-2', says: 'no reason string that makes PUBREC too large', doesNotApply: NO_WORDS },
    { id: '3.5.2-3', says: 'no user property that makes PUBREC too large', doesNotApply: NO_WORDS },
    {
      id: '3.6.1-1',
      says: 'PUBREL has flags 0010',
      shownBy: [ACKNOWLEDGEMENTS, vectors('reserved-flags: PUBREL without its flags ([MQTT-2.1.3-1])')],
    },
    {
      id: '3.6.2-1',
      says: 'PUBREL has a reason code of its own',
      shownBy: [ACKNOWLEDGEMENTS, qos2('releases what it does not know, so that the server can forget it, too')],
    },
    { id: '3.6.2-2', says: 'no reason string that makes PUBREL too large', doesNotApply: NO_WORDS },
    { id: '3.6.2-3', says: 'no user property that makes PUBREL too large', doesNotApply: NO_WORDS },
    {
      id: '3.7.2-1',
      says: 'PUBCOMP has a reason code of its own',
      shownBy: [ACKNOWLEDGEMENTS, qos2('completes what it does not know, so that the server can forget it, too')],
    },
    { id: '3.7.2-2', says: 'no reason string that makes PUBCOMP too large', doesNotApply: NO_WORDS },
    { id: '3.7.2-3', says: 'no user property that makes PUBCOMP too large', doesNotApply: NO_WORDS },
    { id: '3.8.1-1', says: 'SUBSCRIBE has flags 0010', shownBy: [differential('SUBSCRIBE and UNSUBSCRIBE')] },
    { id: '3.8.3-1', says: 'filters of SUBSCRIBE are UTF-8', shownBy: [NO_FILTER] },
    {
      id: '3.8.3-2',
      says: 'SUBSCRIBE has a filter at least',
      shownBy: [clauses('asks for one filter at least ([MQTT-3.8.3-2] of 5, [MQTT-3.8.3-3] of 3.1.1)')],
    },
    {
      id: '3.8.3-4',
      says: 'no shared subscription without local messages',
      shownBy: [clauses('asks for no shared subscription without its own messages ([MQTT-3.8.3-4])')],
    },
    {
      id: '3.8.3-5',
      says: 'reserved bits of the options are 0',
      shownBy: [
        vectors('generates: options: QoS 2, no local, retain as published, retained messages never (§3.8.3.1)'),
        vectors('generates: options: QoS 1, retained messages for a new subscription (§3.8.3.1)'),
      ],
    },
    {
      id: '3.10.1-1',
      says: 'UNSUBSCRIBE has flags 0010',
      shownBy: [vectors('generates: UNSUBSCRIBE has properties, too (§3.10.2.1)')],
    },
    { id: '3.10.3-1', says: 'filters of UNSUBSCRIBE are UTF-8', shownBy: [NO_UNSUBSCRIBE_FILTER] },
    { id: '3.10.3-2', says: 'UNSUBSCRIBE has a filter at least', shownBy: [NO_UNSUBSCRIBE_FILTER] },
    {
      id: '3.14.1-1',
      says: 'DISCONNECT has no flags; where it has, the answer is 0x81',
      shownBy: [
        ACKNOWLEDGEMENTS,
        vectors('reserved-flags: DISCONNECT with a flag ([MQTT-2.1.3-1])'),
        session5('a reserved flag: DISCONNECT 0x81, behind what is pending'),
      ],
    },
    { id: '3.14.2-1', says: 'DISCONNECT has a reason code of its own', shownBy: [ACKNOWLEDGEMENTS, MALFORMED] },
    { id: '3.14.2-3', says: 'no reason string that makes DISCONNECT too large', doesNotApply: NO_WORDS },
    { id: '3.14.2-4', says: 'no user property that makes DISCONNECT too large', doesNotApply: NO_WORDS },
    {
      id: '3.14.4-1',
      says: 'nothing is sent behind DISCONNECT',
      shownBy: [clauses('sends nothing behind DISCONNECT, whatever comes ([MQTT-3.14.4-1] of 5, [MQTT-3.14.4-2] of 3.1.1)')],
    },
    {
      id: '3.14.4-2',
      says: 'who has sent DISCONNECT closes the connection',
      shownBy: [link('says DISCONNECT, and waits until the peer has it'), link('waits no longer than its deadline'), FAREWELL],
    },
    {
      id: '3.15.1-1',
      says: 'AUTH has no flags; where it has, the connection ends',
      shownBy: [vectors('reserved-flags: AUTH with a flag ([MQTT-2.1.3-1])')],
    },
    { id: '3.15.2-1', says: 'AUTH has a reason code of its own', doesNotApply: NO_AUTHENTICATION },
    { id: '3.15.2-2', says: 'no reason string that makes AUTH too large', doesNotApply: NO_AUTHENTICATION },
    { id: '3.15.2-3', says: 'no user property that makes AUTH too large', doesNotApply: NO_AUTHENTICATION },
    { id: '4.1.0-1', says: 'the state of a session is kept while the connection is there', shownBy: [REDELIVERED, QOS2_RECEIVED] },
    { id: '4.2.0-1', says: 'a transport that keeps order and loses nothing', shownBy: [transports('mqtt: delivered')] },
    { id: '4.3.1-1', says: 'QoS 0 is sent with QoS 0 and without DUP', shownBy: [QOS0] },
    { id: '4.3.2-1', says: 'QoS 1 takes an id that is not in use', shownBy: [NEW_PACKET_ID] },
    { id: '4.3.2-2', says: 'QoS 1 is sent without DUP at first', shownBy: [NEW_PACKET_ID] },
    { id: '4.3.2-3', says: 'QoS 1 is unfinished until its PUBACK', shownBy: [QOS1_KEPT] },
    { id: '4.3.2-4', says: 'QoS 1 is answered by PUBACK with its id', shownBy: [QOS1_ORDER] },
    {
      id: '4.3.2-5',
      says: 'after its PUBACK an id is another message, whatever DUP says',
      shownBy: [clauses('takes an id that it has acknowledged for another message, whatever its DUP says')],
    },
    {
      id: '4.3.3-1',
      says: 'QoS 2 takes an id that is not in use',
      shownBy: [NEW_PACKET_ID, qos2('keeps its packet id until PUBCOMP')],
    },
    { id: '4.3.3-2', says: 'QoS 2 is sent without DUP at first', shownBy: [NEW_PACKET_ID] },
    { id: '4.3.3-3', says: 'QoS 2 is unfinished until its PUBREC', shownBy: [QOS2_SENT, QOS2_REDELIVERED] },
    { id: '4.3.3-4', says: 'a PUBREC below 0x80 is answered by PUBREL with its id', shownBy: [QOS2_SENT, REFUSED] },
    { id: '4.3.3-5', says: 'PUBREL is unfinished until its PUBCOMP', shownBy: [QOS2_SENT, QOS2_REDELIVERED] },
    { id: '4.3.3-6', says: 'no PUBLISH again once PUBREL was sent', shownBy: [QOS2_REDELIVERED] },
    { id: '4.3.3-7', says: 'what was sent does not expire', doesNotApply: NO_EXPIRY },
    { id: '4.3.3-8', says: 'QoS 2 is answered by PUBREC with its id', shownBy: [QOS2_RECEIVED] },
    { id: '4.3.3-9', says: 'after a PUBREC of 0x80 or above an id is another message', doesNotApply: NEVER_REFUSES },
    { id: '4.3.3-10', says: 'until PUBREL, the same id gets PUBREC and is not handed on again', shownBy: [QOS2_RECEIVED] },
    { id: '4.3.3-11', says: 'PUBREL is answered by PUBCOMP with its id', shownBy: [QOS2_RECEIVED] },
    { id: '4.3.3-12', says: 'after PUBCOMP an id is another message', shownBy: [QOS2_RECEIVED] },
    { id: '4.3.3-13', says: 'the exchange is completed though the message expired', doesNotApply: NO_EXPIRY },
    {
      id: '4.4.0-1',
      says: 'after a reconnect to a kept session PUBLISH and PUBREL are sent again with their ids, and at no other time',
      shownBy: [REDELIVERED, QOS2_REDELIVERED],
    },
    { id: '4.4.0-2', says: 'a refusal acknowledges: nothing is sent again', shownBy: [REFUSED] },
    {
      id: '4.5.0-2',
      says: 'every PUBLISH is acknowledged as its QoS asks, wanted or not',
      shownBy: [clauses('acknowledges what it did not ask for, as any other message ([MQTT-4.5.0-2] of 3.1.1)')],
    },
    { id: '4.6.0-1', says: 'PUBLISH is sent again in the first order', shownBy: [REDELIVERED, QOS2_REDELIVERED] },
    { id: '4.6.0-2', says: 'PUBACK in the order of the PUBLISH', shownBy: [QOS1_ORDER] },
    {
      id: '4.6.0-3',
      says: 'PUBREC in the order of the PUBLISH',
      shownBy: [qos2('answers in the order in which the messages came ([MQTT-4.6.0-3])')],
    },
    {
      id: '4.6.0-4',
      says: 'PUBREL in the order of the PUBREC',
      shownBy: [clauses('releases in the order in which PUBREC came ([MQTT-4.6.0-4])')],
    },
    {
      id: '4.7.0-1',
      says: 'wildcards are for filters, not for names',
      shownBy: [
        STATION_TOPICS,
        vectors('"#" is no name and a filter ([MQTT-4.7.1-2])'),
        vectors('"+" is no name and a filter ([MQTT-4.7.1-3])'),
      ],
    },
    {
      id: '4.7.1-1',
      says: '# is a whole level, and the last',
      shownBy: [
        vectors('"a#" is no name and no filter ([MQTT-4.7.1-2])'),
        vectors('"a/#/b" is no name and no filter ([MQTT-4.7.1-2])'),
        NO_FILTER,
      ],
    },
    {
      id: '4.7.1-2',
      says: '+ is a whole level',
      shownBy: [
        vectors('"a+" is no name and no filter ([MQTT-4.7.1-3])'),
        vectors('"+a/b" is no name and no filter ([MQTT-4.7.1-3])'),
      ],
    },
    {
      id: '4.7.2-1',
      says: 'a wildcard in front means no name with $ in front: kept in local dispatch too',
      shownBy: [
        vectors('# does not mean $SYS/uptime ([MQTT-4.7.2-1])'),
        vectors('$share/group/# does not mean $SYS/uptime ([MQTT-4.7.2-1], §4.8.2)'),
      ],
    },
    {
      id: '4.7.3-1',
      says: 'names and filters have a character',
      shownBy: [vectors('"" is no name and no filter ([MQTT-4.7.3-1])')],
    },
    {
      id: '4.7.3-2',
      says: 'names and filters have no NUL',
      shownBy: [vectors('has at most 65,535 bytes, and no NUL [MQTT-4.7.3-2, MQTT-4.7.3-3]')],
    },
    {
      id: '4.7.3-3',
      says: 'names and filters have 65,535 bytes at most',
      shownBy: [vectors('has at most 65,535 bytes, and no NUL [MQTT-4.7.3-2, MQTT-4.7.3-3]')],
    },
    {
      id: '4.7.3-4',
      says: 'nothing is made alike before it is compared: kept in local dispatch too',
      shownBy: [vectors('a/b does not mean a/B (§4.7.3: case counts)'), vectors('a/b does not mean /a/b (§4.7.3)')],
    },
    {
      id: '4.8.2-1',
      says: 'a shared filter is $share/, and a name of one character at least',
      shownBy: [NO_BAD_SHARE],
    },
    {
      id: '4.8.2-2',
      says: 'the name of a share has no wildcard, and a filter stands behind it',
      shownBy: [NO_BAD_SHARE],
    },
    {
      id: '4.9.0-1',
      says: 'the send quota begins with the receive maximum at most',
      shownBy: [RECEIVE_MAXIMUM, session5('forgets it with the connection')],
    },
    { id: '4.9.0-2', says: 'no PUBLISH above QoS 0 while the quota is 0', shownBy: [RECEIVE_MAXIMUM, QUOTA] },
    { id: '4.9.0-3', says: 'all else goes on while the quota is 0', shownBy: [QUOTA] },
    { id: '4.12.0-3', says: 'AUTH is answered by AUTH', doesNotApply: NO_AUTHENTICATION },
    { id: '4.12.0-7', says: 'no AUTH without an authentication method', doesNotApply: NO_AUTHENTICATION },
    { id: '4.12.1-1', says: 'the authentication method stays the same', doesNotApply: NO_AUTHENTICATION },
    {
      id: '4.13.1-1',
      says: 'what is malformed or breaks the protocol ends the connection',
      shownBy: [MALFORMED, session5('a duplicate property: DISCONNECT 0x82, behind what is pending'), FAREWELL],
    },
    {
      id: '4.13.2-1',
      says: 'a code of 0x80 or above in CONNACK or DISCONNECT ends the connection, sent or not',
      shownBy: [FAREWELL, link('waits for that no longer than its deadline, and does not hear what still comes')],
    },
    {
      id: '6.0.0-1',
      says: 'WebSocket: binary frames; any other ends the connection',
      shownBy: [transports('ws: delivered'), transports('a text frame: websocket-malformed')],
    },
    {
      id: '6.0.0-2',
      says: 'WebSocket: packets begin and end anywhere in frames',
      shownBy: [vectors('parses all of them as one stream, byte by byte')],
    },
    {
      id: '6.0.0-3',
      says: 'WebSocket: the subprotocol mqtt is offered',
      shownBy: [transports('ws: delivered'), transports('ws to a server without mqtt: websocket-refused')],
    },
  ],
};
