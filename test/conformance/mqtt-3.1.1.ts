// The statements of MQTT 3.1.1 that bind a client, and what shows each. Ids are those of the specification; the words are ours.

import {
  type ConformanceTable,
  clauses,
  differential,
  link,
  model,
  mosquitto,
  paho,
  qos2,
  session,
  session5,
  settings,
  topics,
  transports,
  vectors,
} from './clause.js';

const NO_FLAGS = vectors('generates: shortest CONNECT: no session, no will, no login (§3.1)');
const ALL_FIELDS = vectors(
  'generates: all fields, in the one order that is allowed: client id, will topic, will message, user, password ([MQTT-3.1.3-1])',
);
const EVERY_UTF8_LENGTH = vectors(
  'generates: a string of every UTF-8 length: 1, 2, 3 and 4 bytes; the length prefix counts bytes (§1.5.3)',
);
const LONE_SURROGATE = vectors('does not write a high surrogate alone [MQTT-1.5.3-1]');
const STATION_TOPICS = topics('stay within their limit, and are topic names, at the limits of all settings');
const NO_FILTER = session('throws for what is no topic filter ([MQTT-4.7.1-2])');
const NO_UNSUBSCRIBE_FILTER = session5('throws for what is no topic filter, and for none at all ([MQTT-3.10.3-2])');
const REDELIVERED = session('sends again with DUP, the same ids, order and bytes ([MQTT-4.4.0-1], [MQTT-4.6.0-1])');
const QOS2_REDELIVERED = qos2(
  'sends PUBLISH again before PUBREC, and PUBREL again after it, in the first order ([MQTT-4.4.0-1], [MQTT-4.6.0-1])',
);
const QOS2_SENT = qos2('is done after PUBLISH, PUBREC, PUBREL and PUBCOMP, and not before ([MQTT-4.3.3-1] to [MQTT-4.3.3-7])');
const QOS2_RECEIVED = qos2('hands a message on once, whatever comes again before PUBREL ([MQTT-4.3.3-8] to [MQTT-4.3.3-12])');
const QOS1_RECEIVED = session('hands messages on, and acknowledges those with QoS 1 ([MQTT-3.8.4-6], [MQTT-4.3.2-2])');
const NEW_PACKET_ID = clauses('sends a new message with a packet id that is not in use, not 0, and without DUP');

export const MQTT_3_1_1_TABLE: ConformanceTable = {
  specification: 'MQTT 3.1.1',
  otherVersion: /level 5|MQTT 5/,
  ids: [
    ...['1.5.3-1..3', '2.2.2-1..2', '2.3.1-1..7'],
    // The specification has no 3.1.2-7.
    ...['3.1.0-1..2', '3.1.2-1..6', '3.1.2-8..24', '3.1.3-1..11', '3.1.4-1..5', '3.2.0-1', '3.2.2-1..6'],
    ...['3.3.1-1..12', '3.3.2-1..3', '3.3.4-1', '3.3.5-1..2', '3.6.1-1', '3.8.1-1', '3.8.3-1..3', '3.8.4-1..6', '3.9.3-1..2'],
    ...['3.10.1-1', '3.10.3-1..2', '3.10.4-1..6', '3.12.4-1', '3.14.1-1', '3.14.4-1..3'],
    ...['4.1.0-1..2', '4.3.1-1', '4.3.2-1..2', '4.3.3-1..2', '4.4.0-1', '4.5.0-1..2', '4.6.0-1..6'],
    ...['4.7.1-1..3', '4.7.2-1', '4.7.3-1..4', '4.8.0-1..2', '6.0.0-1..4', '7.0.0-1..2', '7.1.1-1', '7.1.2-1'],
  ],
  serverOnly: [
    ...[
      '2.3.1-4',
      '2.3.1-7',
      '3.1.2-1..5',
      '3.1.2-8',
      '3.1.2-10',
      '3.1.2-12',
      '3.1.2-16..17',
      '3.1.2-24',
      '3.1.3-5..6',
      '3.1.3-8..9',
    ],
    ...['3.1.4-1..5', '3.2.0-1', '3.2.2-1..6', '3.3.1-3', '3.3.1-5..12', '3.3.2-3', '3.3.5-1..2', '3.8.3-2', '3.8.4-1..6'],
    ...['3.9.3-1..2', '3.10.4-1..6', '3.12.4-1', '3.14.1-1', '3.14.4-3', '4.5.0-1', '4.6.0-5..6', '6.0.0-4', '7.0.0-1', '7.1.1-1'],
  ],
  clauses: [
    {
      id: '1.5.3-1',
      says: 'strings are well-formed UTF-8, without surrogates; what is not ends the connection',
      shownBy: [LONE_SURROGATE, vectors('malformed-string: topic: first surrogate ([MQTT-1.5.3-1])')],
    },
    {
      id: '1.5.3-2',
      says: 'strings hold no NUL; one that does ends the connection',
      shownBy: [
        vectors('does not write NUL [MQTT-1.5.3-2]'),
        vectors('malformed-string: topic: NUL ([MQTT-4.7.3-2], [MQTT-1.5.3-2])'),
      ],
    },
    {
      id: '1.5.3-3',
      says: 'U+FEFF is a character wherever it stands, and stays',
      shownBy: [vectors('generates: U+FEFF is a character as any, not a byte order mark to be stripped ([MQTT-1.5.3-3])')],
    },
    {
      id: '2.2.2-1',
      says: 'reserved flags of the fixed header are sent as the table has them',
      shownBy: [
        vectors('generates: one filter; the flags 0010 are required ([MQTT-3.8.1-1])'),
        vectors('generates: PUBREL: its flags 0010 are required ([MQTT-3.6.1-1])'),
        vectors('generates: PINGREQ is two bytes (§3.12)'),
      ],
    },
    {
      id: '2.2.2-2',
      says: 'other flags than those end the connection',
      shownBy: [
        vectors('reserved-flags: PUBACK with a flag ([MQTT-2.2.2-2])'),
        vectors('reserved-flags: PINGRESP with a flag ([MQTT-2.2.2-2])'),
        session('gives up when the server breaks the protocol ([MQTT-4.8.0-1]), once'),
      ],
    },
    {
      id: '2.3.1-1',
      says: 'SUBSCRIBE, UNSUBSCRIBE and PUBLISH above QoS 0 have a packet id that is not 0',
      shownBy: [session('run from 1 to 65,535 and then from 1 again, never 0'), NEW_PACKET_ID],
    },
    {
      id: '2.3.1-2',
      says: 'a new packet takes an id that is not in use',
      shownBy: [session('skip those in flight ([MQTT-2.3.1-2]), of messages and of a subscription'), NEW_PACKET_ID],
    },
    { id: '2.3.1-3', says: 'what is sent again keeps its id', shownBy: [REDELIVERED, QOS2_REDELIVERED] },
    {
      id: '2.3.1-5',
      says: 'QoS 0 has no packet id',
      shownBy: [session('publishes QoS 0 without packet id and without place in the window ([MQTT-2.3.1-5])')],
    },
    {
      id: '2.3.1-6',
      says: 'PUBACK, PUBREC and PUBREL carry the id of their PUBLISH',
      shownBy: [QOS1_RECEIVED, QOS2_RECEIVED, QOS2_SENT],
    },
    {
      id: '3.1.0-1',
      says: 'the first packet is CONNECT',
      shownBy: [clauses('sends CONNECT first, once, and nothing else before the answer ([MQTT-3.1.0-1], [MQTT-3.1.0-2])')],
    },
    { id: '3.1.0-2', says: 'CONNECT is sent once on a connection', shownBy: [session('is opened once')] },
    {
      id: '3.1.2-6',
      says: 'a clean session starts with no state of an earlier one',
      shownBy: [session('cannot be due on a clean start: nothing is resumed')],
    },
    {
      id: '3.1.2-9',
      says: 'with a will, its QoS, retain, topic and message are there',
      shownBy: [
        vectors(
          'generates: will with QoS 1 and retain: flags 0x04, 0x08 and 0x20; topic before message (§3.1.2.5 to §3.1.2.7, [MQTT-3.1.3-1])',
        ),
        vectors('generates: will with QoS 0, no retain and an empty message: the flag alone, and a length of zero (§3.1.3.3)'),
      ],
    },
    { id: '3.1.2-11', says: 'without a will, nothing of it is there', shownBy: [NO_FLAGS] },
    { id: '3.1.2-13', says: 'without a will, its QoS is 0', shownBy: [NO_FLAGS] },
    { id: '3.1.2-14', says: 'QoS of a will is 0, 1 or 2', shownBy: [differential('CONNECT')] },
    { id: '3.1.2-15', says: 'without a will, its retain flag is 0', shownBy: [NO_FLAGS] },
    { id: '3.1.2-18', says: 'without its flag, no user name', shownBy: [NO_FLAGS] },
    {
      id: '3.1.2-19',
      says: 'with its flag, a user name',
      shownBy: [vectors('generates: user without password ([MQTT-3.1.2-19], [MQTT-3.1.2-20])')],
    },
    {
      id: '3.1.2-20',
      says: 'without its flag, no password',
      shownBy: [vectors('generates: user without password ([MQTT-3.1.2-19], [MQTT-3.1.2-20])')],
    },
    { id: '3.1.2-21', says: 'with its flag, a password', shownBy: [ALL_FIELDS] },
    {
      id: '3.1.2-22',
      says: 'no password without a user name',
      shownBy: [settings('refuse a password without user ([MQTT-3.1.2-22]): the user is what is missing')],
    },
    {
      id: '3.1.2-23',
      says: 'within the keep-alive something is sent, and be it PINGREQ',
      shownBy: [
        session('pings when the client has been silent, though the server was not ([MQTT-3.1.2-23])'),
        clauses('pings when it has nothing else to say'),
      ],
    },
    { id: '3.1.3-1', says: 'the fields of CONNECT stand in their order', shownBy: [ALL_FIELDS] },
    {
      id: '3.1.3-2',
      says: 'the client id names the session',
      shownBy: [mosquitto('a message of QoS 2 whose connection breaks arrives once')],
    },
    { id: '3.1.3-3', says: 'the client id is there, and first', shownBy: [NO_FLAGS, ALL_FIELDS] },
    { id: '3.1.3-4', says: 'the client id is UTF-8', shownBy: [EVERY_UTF8_LENGTH, LONE_SURROGATE] },
    {
      id: '3.1.3-7',
      says: 'an empty client id goes with a clean session alone',
      shownBy: [clauses('is empty only where the session is clean ([MQTT-3.1.3-7])')],
    },
    { id: '3.1.3-10', says: 'the topic of the will is UTF-8', shownBy: [STATION_TOPICS] },
    { id: '3.1.3-11', says: 'the user name is UTF-8', shownBy: [ALL_FIELDS, LONE_SURROGATE] },
    {
      id: '3.3.1-1',
      says: 'what is sent again has DUP',
      shownBy: [REDELIVERED, qos2('sends the same bytes again but for DUP ([MQTT-3.3.1-1])')],
    },
    {
      id: '3.3.1-2',
      says: 'QoS 0 has no DUP',
      shownBy: [clauses('sends QoS 0 with neither DUP nor packet id'), vectors('reserved-flags: DUP with QoS 0 ([MQTT-3.3.1-2])')],
    },
    {
      id: '3.3.1-4',
      says: 'both QoS bits are never set; where they are, the connection ends',
      shownBy: [vectors('invalid-qos: QoS 3 ([MQTT-3.3.1-4])')],
    },
    {
      id: '3.3.2-1',
      says: 'PUBLISH begins with its topic, in UTF-8',
      shownBy: [
        vectors('generates: a topic outside ASCII; spaces and an empty level are allowed (§4.7.3)'),
        vectors('malformed-string: topic: overlong two bytes ([MQTT-1.5.3-1])'),
      ],
    },
    {
      id: '3.3.2-2',
      says: 'no wildcard in the topic of a PUBLISH',
      shownBy: [
        STATION_TOPICS,
        settings('refuse room "+": wildcard'),
        vectors('invalid-topic: topic: wildcard + ([MQTT-3.3.2-2])'),
      ],
    },
    { id: '3.3.4-1', says: 'a PUBLISH is answered as its QoS asks', shownBy: [QOS1_RECEIVED, QOS2_RECEIVED] },
    {
      id: '3.6.1-1',
      says: 'PUBREL has flags 0010',
      shownBy: [
        vectors('generates: PUBREL: its flags 0010 are required ([MQTT-3.6.1-1])'),
        vectors('reserved-flags: PUBREL without its flags ([MQTT-3.6.1-1])'),
      ],
    },
    {
      id: '3.8.1-1',
      says: 'SUBSCRIBE has flags 0010',
      shownBy: [vectors('generates: one filter; the flags 0010 are required ([MQTT-3.8.1-1])')],
    },
    { id: '3.8.3-1', says: 'filters of SUBSCRIBE are UTF-8', shownBy: [NO_FILTER] },
    {
      id: '3.8.3-3',
      says: 'SUBSCRIBE has a filter at least',
      shownBy: [clauses('asks for one filter at least ([MQTT-3.8.3-2] of 5, [MQTT-3.8.3-3] of 3.1.1)')],
    },
    {
      id: '3.10.1-1',
      says: 'UNSUBSCRIBE has flags 0010',
      shownBy: [vectors('generates: two filters; the flags 0010 are required ([MQTT-3.10.1-1])')],
    },
    { id: '3.10.3-1', says: 'filters of UNSUBSCRIBE are UTF-8', shownBy: [NO_UNSUBSCRIBE_FILTER] },
    { id: '3.10.3-2', says: 'UNSUBSCRIBE has a filter at least', shownBy: [NO_UNSUBSCRIBE_FILTER] },
    {
      id: '3.14.4-1',
      says: 'who has sent DISCONNECT closes the connection',
      shownBy: [link('says DISCONNECT, and waits until the peer has it'), link('waits no longer than its deadline')],
    },
    {
      id: '3.14.4-2',
      says: 'nothing is sent behind DISCONNECT',
      shownBy: [clauses('sends nothing behind DISCONNECT, whatever comes ([MQTT-3.14.4-1] of 5, [MQTT-3.14.4-2] of 3.1.1)')],
    },
    {
      id: '4.1.0-1',
      says: 'the state of a session is kept as long as the session',
      shownBy: [
        model('level 4: acknowledges each message once, and redelivers in order with the same ids'),
        qos2('knows after a reconnect what it has handed on'),
      ],
    },
    {
      id: '4.1.0-2',
      says: 'a session lasts at least as long as its connection',
      shownBy: [model('level 4: acknowledges each message once, and redelivers in order with the same ids')],
    },
    {
      id: '4.3.1-1',
      says: 'QoS 0 is sent with QoS 0 and without DUP',
      shownBy: [clauses('sends QoS 0 with neither DUP nor packet id')],
    },
    {
      id: '4.3.2-1',
      says: 'QoS 1: a new id, no DUP at first, in flight until PUBACK',
      shownBy: [NEW_PACKET_ID, clauses('keeps a message of QoS 1 in flight until its own PUBACK')],
    },
    {
      id: '4.3.2-2',
      says: 'QoS 1: PUBACK with the same id; afterwards the id is another message',
      shownBy: [QOS1_RECEIVED, clauses('takes an id that it has acknowledged for another message, whatever its DUP says')],
    },
    {
      id: '4.3.3-1',
      says: 'QoS 2, sender: PUBLISH, PUBREC, PUBREL, PUBCOMP, and no PUBLISH after PUBREL',
      shownBy: [QOS2_SENT, QOS2_REDELIVERED],
    },
    { id: '4.3.3-2', says: 'QoS 2, receiver: PUBREC, and handed on once until PUBREL; then PUBCOMP', shownBy: [QOS2_RECEIVED] },
    {
      id: '4.4.0-1',
      says: 'after a reconnect to a kept session, PUBLISH and PUBREL are sent again with their ids',
      shownBy: [REDELIVERED, QOS2_REDELIVERED],
    },
    {
      id: '4.5.0-2',
      says: 'every PUBLISH is acknowledged as its QoS asks, wanted or not',
      shownBy: [
        clauses('acknowledges what it did not ask for, as any other message ([MQTT-4.5.0-2] of 3.1.1)'),
        session('skips a message that is too long, and acknowledges it: else it would come for ever'),
      ],
    },
    { id: '4.6.0-1', says: 'PUBLISH is sent again in the first order', shownBy: [REDELIVERED, QOS2_REDELIVERED] },
    {
      id: '4.6.0-2',
      says: 'PUBACK in the order of the PUBLISH',
      shownBy: [clauses('acknowledges in the order in which the messages came ([MQTT-4.6.0-2])')],
    },
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
      id: '4.7.1-1',
      says: 'wildcards are for filters, not for names',
      shownBy: [
        STATION_TOPICS,
        vectors('"#" is no name and a filter ([MQTT-4.7.1-2])'),
        vectors('"+" is no name and a filter ([MQTT-4.7.1-3])'),
      ],
    },
    {
      id: '4.7.1-2',
      says: '# is a whole level, and the last',
      shownBy: [
        vectors('"a#" is no name and no filter ([MQTT-4.7.1-2])'),
        vectors('"a/#/b" is no name and no filter ([MQTT-4.7.1-2])'),
        NO_FILTER,
      ],
    },
    {
      id: '4.7.1-3',
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
        vectors('+/monitor/Clients does not mean $SYS/monitor/Clients ([MQTT-4.7.2-1])'),
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
      id: '4.8.0-1',
      says: 'a violation of the protocol ends the connection',
      shownBy: [
        session('gives up when the server breaks the protocol ([MQTT-4.8.0-1]), once'),
        link('reserved-flags: a peer that speaks something else'),
      ],
    },
    {
      id: '4.8.0-2',
      says: 'so does a want of room while a packet is handled',
      shownBy: [session('gives up when a server sends and sends, and reads no acknowledgement')],
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
    {
      id: '7.0.0-2',
      says: 'nothing beyond the specification is needed to understand each other',
      shownBy: [
        paho('the session publishes with each QoS, and Paho hears it once'),
        paho('Paho publishes with each QoS, and the session hears it once'),
      ],
    },
    { id: '7.1.2-1', says: 'a transport that keeps order and loses nothing', shownBy: [transports('mqtt: delivered')] },
  ],
};
