// SPDX-License-Identifier: Apache-2.0
// The picture of a run tells what its log does, from the first evaluation on and after a resume.
#include "examples/thaw/run_curves.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "nn/train/trainer.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

void add(const ScratchFolder& dir, const std::string& lines) {
  std::ofstream(dir / "log.jsonl", std::ios::app) << lines;
}

std::string train_line(int step, const std::string& loss) {
  return R"({"event": "train", "step": )" + std::to_string(step) + R"(, "time": 1.5, "loss": )" + loss +
         R"(, "learning_rate": 2e-05, "grad_norm": 3.5})" + "\n";
}

}  // namespace

TEST_CASE("run curves: losses, scores, other metrics and the rate") {
  const ScratchFolder dir;
  RunCurves curves(dir.path());
  dir.write("curves.svg", "of a former run");
  add(dir, "");
  curves.update();
  CHECK_FALSE(std::filesystem::exists(dir / "curves.svg"));
  add(dir, train_line(1, "2.5") + train_line(2, "null"));
  curves.update();
  const std::string first = read_bytes(dir / "curves.svg");
  CHECK(first.find(">training<") != std::string::npos);
  CHECK(first.find(">learning rate<") != std::string::npos);
  CHECK(first.find("validation") == std::string::npos);
  CHECK(first.find("grad_norm") == std::string::npos);

  const std::string evaluation =
      R"({"event": "eval", "step": 3, "time": 2, "loss": 0.5, "accuracy": 0.75, "perplexity": 17})"
      "\n";
  add(dir, "half a li\n" + evaluation + train_line(4, "0.25").substr(0, 20));
  curves.update();
  const std::string second = read_bytes(dir / "curves.svg");
  for (const char* text : {">validation<", ">accuracy<", ">validation: perplexity<"})
    CHECK_MESSAGE(second.find(text) != std::string::npos, text);

  // The rest of the line comes: another object that reads all at once sees the same.
  add(dir, train_line(4, "0.25").substr(20));
  curves.update();
  const std::string third = read_bytes(dir / "curves.svg");
  CHECK(third != second);
  RunCurves(dir.path()).update();
  CHECK(read_bytes(dir / "curves.svg") == third);
}

TEST_CASE("run curves: losses of very different sizes are drawn on a logarithmic scale") {
  const ScratchFolder dir;
  add(dir, train_line(1, "1000") + train_line(2, "0.01"));
  RunCurves(dir.path()).update();
  CHECK(read_bytes(dir / "curves.svg").find("logarithmic") != std::string::npos);
  CHECK(read_bytes(dir / "curves.svg").find(">1000<") != std::string::npos);
  CHECK(read_bytes(dir / "curves.svg").find(">0.01<") != std::string::npos);
}
