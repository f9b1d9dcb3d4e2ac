// SPDX-License-Identifier: Apache-2.0
// When a command must wait for another, as logic without a device.
#include "backends/vulkan/hazards.h"

#include <doctest/doctest.h>

using namespace thaw::vulkan;

TEST_CASE("vulkan hazards: reads run beside reads, everything else waits for the same memory") {
  Hazards hazards;
  Uses a, b;
  CHECK_FALSE(hazards.read_conflicts(a));
  CHECK_FALSE(hazards.write_conflicts(a));
  hazards.note_read(a, 1);
  CHECK_FALSE(hazards.read_conflicts(a));
  CHECK(hazards.write_conflicts(a));
  CHECK_FALSE(hazards.write_conflicts(b));
  hazards.note_write(b, 1);
  CHECK(hazards.read_conflicts(b));
  CHECK(hazards.write_conflicts(b));
  hazards.next_epoch();
  for (const Uses& uses : {a, b}) {
    CHECK_FALSE(hazards.read_conflicts(uses));
    CHECK_FALSE(hazards.write_conflicts(uses));
  }
}

TEST_CASE("vulkan hazards: joined memory waits for the later use of both parts") {
  Hazards hazards;
  Uses written, read;
  hazards.note_write(written, 3);
  hazards.next_epoch();
  hazards.note_read(read, 5);
  written.join(read);
  CHECK_FALSE(hazards.read_conflicts(written));
  CHECK(hazards.write_conflicts(written));
  CHECK(written.write_ticket == 3);
  CHECK(written.last_ticket() == 5);
}
