// The help text of the simulator.

import { DEFAULT_ROOMS } from './rooms.js';

export const HELP = `station-meteo simulator: virtual weather stations that run the board's own firmware.

  npm start                                  four rooms and a broker, on this computer
  npm start -- --rooms 25 --interval 5       a whole school
  npm start -- --broker mqtt://192.168.1.10  one room, on the broker of the class

Rooms
  --rooms a,b,c | N     room names, or how many (default: ${DEFAULT_ROOMS.join(',')})
  --interval S          seconds between readings, 2 or more (default: 10)
  --seed N              the same climate each time (default: another one each time)
  --station-key FILE    its first line is the rooms' key: whoever knows it may change their settings over MQTT
  --home-assistant      make the rooms known to a Home Assistant on the same broker, by its MQTT discovery
  --serial P            the serial line of the first room on TCP port P of 127.0.0.1, 0 for any free one

Broker (default: one inside, on 127.0.0.1)
  --mqtt-port P         its MQTT port, 0 for any free one (default: 1883)
  --ws-port P           its WebSocket port, 0 for any free one (default: 9001)
  --user NAME           it asks for this login, and the rooms use it; or STATION_METEO_USER
  --password-file FILE  the first line is the password; or STATION_METEO_PASSWORD
  --tls DIR             it serves TLS too, and the rooms use it; npm run certificates -- DIR makes the folder
  --tls-port P          its MQTT port with TLS, 0 for any free one (default: 8883)
  --wss-port P          its WebSocket port with TLS, 0 for any free one (default: 8884)
  --client-certs        with TLS it lets in only who shows a certificate of the folder's authority

Broker elsewhere; then one room, named from this computer
  --broker URL          mqtt://host, mqtts://host, ws://host or wss://host, with :port and for ws and wss a /path
                        if need be (default: 1883, 8883, 80 and 443, and /mqtt)
  --user NAME           login; or mqtts://NAME@host, or STATION_METEO_USER
  --password-file FILE  the first line is the password; or STATION_METEO_PASSWORD
  --ca FILE             mqtts and wss: trust this authority alone (PEM; default: those that Node.js trusts)
  --cert FILE           mqtts and wss: show this certificate (PEM)
  --key FILE            its private key (PEM)
  --mqtt VERSION        5, 3.1.1 or auto: what it takes, 5 first (default: auto; the broker inside speaks 3.1.1)
  --clock               publish the time on maison/clock there too

Page (default: http://127.0.0.1:8080)
  --http-port P         its port, 0 for any free one (default: 8080)
  --no-page             none
  --lan                 serve page and broker to the network: prints address, QR code and a key; the broker inside
                        asks for the login above, or for one that is made and printed
  --data DIR            keep the readings in this directory (default: in memory, until the end; with --lan in a
                        directory of yours, unless there is a --seed)
  --window S            a room's mean is over so many seconds (default: 60)
  --publish-means       publish the means on maison/<room>/mean and maison/mean
  --map TOPIC=ROOM      topics of another publisher that count as a room, for example
                        '/UPSSITECH/Weather_Station/{quantity}=upssitech'; may come several times

Run
  --duration S          stop measuring after S seconds, deliver what is buffered within 30 s, and end:
                        exit code 0 only if every reading was acknowledged
  --json                one JSON object a line instead of the view
  --help                this text

Keys in the view: arrows choose a room, w cuts or restores its Wi-Fi, b the broker, a shows the address of --lan again,
Ctrl-C ends.
`;
