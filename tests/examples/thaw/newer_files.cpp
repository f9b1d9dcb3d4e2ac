// SPDX-License-Identifier: Apache-2.0
// Files that were written since a checkpoint was.
#include "examples/thaw/newer_files.h"

#include <doctest/doctest.h>

#include <chrono>

#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

TEST_CASE("newer files: those alone that are") {
  const ScratchFolder folder;
  const fs::path checkpoint = folder.write("checkpoint", "");
  DataArguments data;
  data.train_file = folder.write("train.tsv", "").string();
  data.test_file = folder.write("test.tsv", "").string();
  const auto set_time = [&](const fs::path& file, int hours) {
    fs::last_write_time(file, fs::last_write_time(checkpoint) + std::chrono::hours(hours));
  };
  set_time(data.train_file, -1);
  set_time(data.test_file, -1);
  CHECK(newer_files({}, data, checkpoint).empty());
  set_time(data.test_file, 1);
  CHECK(newer_files({}, data, checkpoint) == data.test_file);
  CHECK(newer_files({}, data, folder / "none").empty());
}
