// SPDX-License-Identifier: Apache-2.0
// Files that were written since a checkpoint was.
#include "examples/thaw/newer_files.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "models/fresh_model.h"
#include "models/tasks/task_table.h"
#include "tests/models/small_pictures.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

// A checkpoint, and tables that are older than it.
struct Run {
  ScratchFolder folder;
  fs::path checkpoint = folder.write("checkpoint", "");
  DataArguments data;

  explicit Run(const std::string& rows = "") {
    data.train_file = folder.write("train.tsv", rows).string();
    data.test_file = folder.write("test.tsv", rows).string();
    for (const std::string& file : {data.train_file, data.test_file}) set_time(file, -1);
  }
  void set_time(const fs::path& file, int hours) const {
    fs::last_write_time(file, fs::last_write_time(checkpoint) + std::chrono::hours(hours));
  }
};

}  // namespace

TEST_CASE("newer files: those alone that are") {
  const Run run;
  CHECK(newer_files({}, run.data, run.checkpoint).empty());
  run.set_time(run.data.test_file, 1);
  CHECK(newer_files({}, run.data, run.checkpoint) == run.data.test_file);
  run.set_time(run.data.train_file, 2);
  CHECK(newer_files({}, run.data, run.checkpoint) == run.data.test_file + ", " + run.data.train_file);
  CHECK(newer_files({}, run.data, run.folder / "none").empty());
}

TEST_CASE("newer files: pictures that are learnt from and validated by, three by name, and how many more") {
  const Run run("image\tlabel\na.ppm\tx\nb.ppm\ty\nc.ppm\tx\nd.ppm\ty\n");
  const auto picture = [&](const char* name) { return run.folder / (std::string(name) + ".ppm"); };
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    run.folder.write(std::string(name) + ".ppm", ppm_bytes(8, 8, 9, 9, 9));
    run.set_time(picture(name), -1);
  }
  fs::create_directory(run.folder / "model");
  write_fresh_model(run.folder / "model", "vit",
                    {.layers = 1, .hidden_size = 8, .heads = 2, .image_size = 8, .patch_size = 4}, Device::open("cpu"),
                    1);
  const auto task = make_task("image-classification");
  task->look_at(run.folder / "model", run.data.train_file);
  const auto model = task->open(run.folder / "model", {});
  const RunExamples examples{
      .train = model->read(run.data.train_file),
      .validation = model->read(run.folder.write("validation.tsv", "image\tlabel\ne.ppm\tx\n").string())};
  const auto newer = [&] { return newer_files(examples, run.data, run.checkpoint); };
  CHECK(newer().empty());
  run.set_time(picture("c"), 1);
  CHECK(newer() == picture("c"));
  run.set_time(picture("e"), 1);
  run.set_time(picture("a"), 1);
  CHECK(newer() == picture("a") + ", " + picture("c") + ", " + picture("e"));
  for (const char* name : {"b", "d"}) run.set_time(picture(name), 1);
  CHECK(newer() == picture("a") + ", " + picture("b") + ", " + picture("c") + " and 2 more");
}
