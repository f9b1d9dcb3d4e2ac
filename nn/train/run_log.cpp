// SPDX-License-Identifier: Apache-2.0
// Appends to the run's log files.
#include "nn/train/run_log.h"

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fstream>

#include "nn/train/metrics_json.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

// The step of a whole line; -1 for what a crash left of one.
int64_t step_of(const std::string& line) {
  try {
    return Json::parse(line, "log").get_int("step", 0);
  } catch (const std::runtime_error&) {
    return -1;
  }
}

// Rewrites the log without the steps after `last`, and without anything from a damaged line on.
void cut_log(const std::filesystem::path& path, int64_t last) {
  std::ifstream in(path);
  if (!in) return;
  std::string kept, line;
  while (std::getline(in, line) && !in.eof()) {
    const int64_t step = step_of(line);
    if (step < 0) break;
    if (step <= last) kept += line + '\n';
  }
  write_file_atomically(path.string(), kept);
}

}  // namespace

RunLog::RunLog(const std::filesystem::path& directory, int64_t from_step)
    : path_(directory / "log.jsonl"), file_(nullptr, &std::fclose), events_(directory, from_step + 1) {
  if (from_step >= 0) cut_log(path_, from_step);
  file_.reset(std::fopen(path_.c_str(), from_step >= 0 ? "ab" : "wb"));
  if (!file_) fail("{}: cannot be opened: {}", path_.string(), std::strerror(errno));
}

void RunLog::write(const std::string& event, int64_t step, const Metrics& values) {
  const double time = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  Json record = Json::object();
  record.set("event", event).set("step", step).set("time", std::round(time * 1000) / 1000);
  for (const auto& [name, value] : values) {
    record.set(name, metric_json(value));
    events_.scalar(event + "/" + name, step, static_cast<float>(value), time);
  }
  const std::string line = record.dump() + "\n";
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() || std::fflush(file_.get()) != 0)
    fail("{}: {}", path_.string(), std::strerror(errno));
  events_.flush();
}

}  // namespace thaw
