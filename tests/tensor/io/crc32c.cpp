// SPDX-License-Identifier: Apache-2.0
// CRC-32C against its check value and RFC 3720's.
#include "tensor/io/crc32c.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("crc32c: its check value, in one piece and in several") {
  CHECK(crc32c("123456789") == 0xe3069283u);
  CHECK(crc32c("6789", crc32c("12345")) == 0xe3069283u);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aau);  // RFC 3720, B.4
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43u);
  const ScratchFolder dir;
  CHECK(crc32c_of_file(dir.write("file", "123456789")) == 0xe3069283u);
  CHECK_THROWS_WITH_AS(crc32c_of_file(dir / "none"), doctest::Contains((dir / "none").c_str()), std::runtime_error);
}
