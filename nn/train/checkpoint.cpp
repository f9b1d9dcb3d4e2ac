// SPDX-License-Identifier: Apache-2.0
// Writes, checks and finds checkpoints.
#include "nn/train/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "nn/train/metrics_json.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/crc32c.h"
#include "tensor/io/json.h"
#include "tensor/io/tensor_file.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;
constexpr const char* prefix = "checkpoint-";
constexpr const char* state_file = "trainer_state.json";
constexpr const char* optimizer_file = "optimizer.safetensors";

std::optional<int64_t> step_of(const fs::path& path) {
  const std::string name = path.filename().string();
  if (!name.starts_with(prefix)) return {};
  const char* begin = name.data() + std::string_view(prefix).size();
  const char* end = name.data() + name.size();
  int64_t step = 0;
  const auto [stop, error] = std::from_chars(begin, end, step);
  if (error != std::errc() || stop != end || step < 0) return {};
  return step;
}

Json fingerprint_json(const Fingerprint& fingerprint) {
  Json json = Json::object();
  for (const auto& [name, value] : fingerprint) json.set(name, value);
  return json;
}

// Empty if an older version wrote none.
Fingerprint parse_fingerprint(const Json& state, const char* key) {
  Fingerprint fingerprint;
  if (!state.contains(key)) return fingerprint;
  for (const JsonMember& m : state.get_object(key).members()) fingerprint[m.key] = m.value.as_string();
  return fingerprint;
}

Json parts_json(const PartSums& parts) {
  Json json = Json::object();
  for (const auto& [part, sum] : parts)
    json.set(part, Json::object().set("loss_sum", sum.loss).set("terms", sum.terms));
  return json;
}

// Nothing where the data have no parts.
PartSums parse_parts(const Json& state) {
  PartSums parts;
  if (!state.contains("unlogged_parts")) return parts;
  for (const JsonMember& m : state.get_object("unlogged_parts").members())
    parts[m.key] = {m.value.get_number("loss_sum"), m.value.get_int("terms", 0)};
  return parts;
}

// Steps in their order, behind the first.
std::vector<int64_t> parse_steps(const Json& state, const char* key) {
  return state.contains(key) ? state.get_ints(key, 1) : std::vector<int64_t>();
}

Json state_json(const TrainerState& s) {
  Json json = Json::object();
  json.set("step", s.step)
      .set("seed", s.seed)
      .set("random_position", s.random_position)
      .set("seconds", std::round(s.seconds * 1000) / 1000)
      .set("tokens", s.tokens)
      .set("loss_sum", s.loss_sum)
      .set("losses", s.losses)
      .set("logged_loss_sum", s.logged_loss_sum)
      .set("logged_losses", s.logged_losses)
      .set("best", metrics_json(s.best))
      .set("best_step", s.best_step)
      .set("worse_evaluations", s.worse_evaluations)
      .set("fingerprint", fingerprint_json(s.identity.training))
      .set("validation", fingerprint_json(s.identity.validation))
      .set("circumstances", fingerprint_json(s.identity.circumstances));
  if (!s.unlogged_parts.empty()) json.set("unlogged_parts", parts_json(s.unlogged_parts));
  if (!s.stalled_at.empty()) json.set("stalled_at", s.stalled_at);
  return json;
}

TrainerState parse_state(const Json& json) {
  TrainerState s;
  s.step = json.get_int("step", 0);
  s.seed = json.get_uint("seed");
  s.random_position = json.get_uint("random_position");
  s.seconds = json.get_number_or("seconds", 0, 0);
  s.tokens = json.get_int_or("tokens", 0, 0);
  s.loss_sum = json.get_number("loss_sum");
  s.losses = json.get_int("losses", 0);
  s.logged_loss_sum = json.get_number("logged_loss_sum");
  s.logged_losses = json.get_int("logged_losses", 0);
  s.unlogged_parts = parse_parts(json);
  s.best = metrics_of(json.get_object("best"));
  s.best_step = json.get_int("best_step", -1);
  s.worse_evaluations = json.get_int("worse_evaluations", 0);
  s.stalled_at = parse_steps(json, "stalled_at");
  s.identity = {parse_fingerprint(json, "fingerprint"), parse_fingerprint(json, "validation"),
                parse_fingerprint(json, "circumstances")};
  return s;
}

// Of files in folders, too, which a model may have.
Json checksums(const fs::path& directory) {
  Json sums = Json::object();
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (!entry.is_directory()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files)
    sums.set(file.lexically_relative(directory).generic_string(), static_cast<uint64_t>(crc32c_of_file(file)));
  return sums;
}

// Renamed first: a half-removed directory must not look like a checkpoint.
void remove_checkpoint(const fs::path& checkpoint) {
  const fs::path doomed = checkpoint.parent_path() / (".removed-" + checkpoint.filename().string());
  fs::remove_all(doomed);  // a former run was killed in the middle of it
  if (!fs::exists(checkpoint)) return;
  fs::rename(checkpoint, doomed);
  fs::remove_all(doomed);
}

}  // namespace

fs::path checkpoint_path(const fs::path& directory, int64_t step) {
  return directory / (prefix + std::to_string(step));
}

fs::path save_checkpoint(const fs::path& directory, const TrainerState& state,
                         const std::map<std::string, Tensor>& optimizer,
                         const std::function<void(const fs::path&)>& save_model) {
  const fs::path target = checkpoint_path(directory, state.step);
  remove_checkpoint(target);
  AtomicDirectory filling(target.string());
  const fs::path inside = filling.path();
  save_model(inside);
  write_tensors(inside / optimizer_file, optimizer);
  Json json = state_json(state);
  json.set("checksums", checksums(inside));
  write_file_atomically((inside / state_file).string(), json.dump(2) + "\n");
  filling.commit();
  return target;
}

LoadedCheckpoint load_checkpoint(const fs::path& checkpoint, Device device) {
  return {parse_state(Json::read((checkpoint / state_file).string())),
          read_tensors(checkpoint / optimizer_file, device)};
}

void verify_checkpoint(const fs::path& checkpoint) {
  const Json state = Json::read((checkpoint / state_file).string());
  for (const JsonMember& m : state.get_object("checksums").members()) {
    const fs::path file = checkpoint / m.key;
    if (crc32c_of_file(file) != m.value.as_uint(0xffffffffu))
      fail("{}: its checksum is not the one in {}", file.string(), state_file);
  }
  parse_state(state);
}

std::vector<fs::path> list_checkpoints(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    if (step_of(entry->path()) && fs::is_directory(entry->path(), error)) found.push_back(entry->path());
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) { return *step_of(a) > *step_of(b); });
  return found;
}

std::optional<fs::path> latest_checkpoint(const fs::path& directory,
                                          const std::function<void(const std::string&)>& warn) {
  const std::vector<fs::path> all = list_checkpoints(directory);
  for (const fs::path& checkpoint : all) {
    try {
      verify_checkpoint(checkpoint);
      return checkpoint;
    } catch (const std::exception& error) {
      if (checkpoint == all.back())
        fail("{}: damaged, and there is no {} ({}): remove it, or choose another output directory", checkpoint.string(),
             all.size() == 1 ? "other checkpoint" : "older checkpoint", error.what());
      warn(fmt::format("{}: damaged, the one before is used: {}", checkpoint.string(), error.what()));
    }
  }
  return {};
}

void prune_checkpoints(const fs::path& directory, int64_t keep, int64_t best) {
  if (keep == 0) return;
  int64_t kept = 0;
  for (const fs::path& checkpoint : list_checkpoints(directory))
    if (kept++ >= keep && *step_of(checkpoint) != best) remove_checkpoint(checkpoint);
}

void remove_checkpoints_after(const fs::path& directory, int64_t step) {
  for (const fs::path& checkpoint : list_checkpoints(directory))
    if (*step_of(checkpoint) > step) remove_checkpoint(checkpoint);
}

}  // namespace thaw
