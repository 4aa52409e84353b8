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

Broker (default: one inside, on 127.0.0.1)
  --mqtt-port P         its MQTT port, 0 for any free one (default: 1883)
  --ws-port P           its WebSocket port, 0 for any free one (default: 9001)
  --broker URL          a broker elsewhere: mqtt://host or mqtt://host:port; then one room, named from this computer
  --user NAME           login, or STATION_METEO_USER
  --password-file FILE  its first line is the password; or STATION_METEO_PASSWORD
  --mqtt VERSION        5, 3.1.1, or auto: what the broker takes, 5 first (default; the broker inside speaks 3.1.1)
  --clock               publish the time on maison/clock on a broker elsewhere too

Run
  --duration S          stop measuring after S seconds, deliver what is buffered within 30 s, and end:
                        exit code 0 only if every reading was acknowledged
  --json                one JSON object a line instead of the view
  --help                this text

Keys in the view: arrows choose a room, w cuts or restores its Wi-Fi, b the broker, Ctrl-C ends.
`;
