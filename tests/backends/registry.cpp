// SPDX-License-Identifier: Apache-2.0
// Devices by name.
#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "tensor/backend.h"
#include "tensor/device.h"

using namespace thaw;

TEST_CASE("registry: every usable device opens under its name, once") {
  bool reference = false;
  for (const DeviceInfo& info : list_devices()) {
    CAPTURE(info.name);
    CHECK_FALSE(info.description.empty());
    reference = reference || info.name == "reference";
    if (!info.usable) continue;
    const Device device = Device::open(info.name);
    CHECK(device.name() == info.name);
    CHECK(device == Device::open(info.name));
  }
  CHECK(reference);
}

TEST_CASE("registry: a device's line names the types that it supports") {
  for (const DeviceInfo& info : list_devices()) {
    if (!info.usable) continue;
    CAPTURE(info.description);
    const Backend& backend = Device::open(info.name).backend();
    CHECK(info.description == backend.description());
    const std::string line = info.description.substr(0, info.description.find('\n'));
    const size_t types = line.rfind("; ");
    REQUIRE(types != std::string::npos);
    const std::string listed = line.substr(types + 2) + ",";
    for (const DType dtype : {DType::f32, DType::f64, DType::bf16, DType::f16, DType::i32, DType::u8}) {
      CAPTURE(name_of(dtype));
      CHECK((listed.find(std::string(name_of(dtype)) + ",") != std::string::npos) == backend.supports(dtype));
    }
  }
}

TEST_CASE("registry: an unknown name is an error that lists what there is") {
  for (const char* name : {"gpu", "Reference", " reference", "reference ", ":", "reference2"}) {
    CAPTURE(name);
    try {
      Device::open(name);
      FAIL("it was opened");
    } catch (const std::invalid_argument& error) {
      const std::string text = error.what();
      CHECK(text.find(std::string("device '") + name + "' is not known; there are: ") == 0);
      CHECK(text.find("reference") != std::string::npos);
    }
  }
  CHECK_THROWS_WITH_AS(Device::open("reference:1"), "device 'reference:1': there is only 'reference'",
                       std::invalid_argument);
}
