/* A stand-in for the Arduino core: as much of it as the lab's sketch uses, with a clock that only delay() moves. */

#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#define HEX 16

class String {
 public:
  String(const char *text = "") : text_(text) {}
  String(float value, unsigned decimals) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.*f", static_cast<int>(decimals), value);
    text_ = digits;
  }
  explicit String(int value) : text_(std::to_string(value)) {}
  String(unsigned value, unsigned char base) {
    char digits[16];
    std::snprintf(digits, sizeof digits, base == HEX ? "%x" : "%u", value);
    text_ = digits;
  }
  const char *c_str() const { return text_.c_str(); }
  friend String operator+(const String &left, const String &right) { return String((left.text_ + right.text_).c_str()); }

 private:
  std::string text_;
};

struct SerialPort {
  void begin(unsigned long) {}
  void println(const String &line) { std::printf("serial %s\n", line.c_str()); }
};
extern SerialPort Serial;

struct Chip {
  unsigned getChipId() { return 0xa1b2c3; }
};
extern Chip ESP;

unsigned long millis();
void delay(unsigned long ms);

/** From `low` to below `high`. */
long random(long low, long high);
