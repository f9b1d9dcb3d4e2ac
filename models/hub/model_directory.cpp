// SPDX-License-Identifier: Apache-2.0
// Finds out what a directory holds that is no model.
#include "models/hub/model_directory.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/shards.h"
#include "nn/train/checkpoint.h"
#include "tensor/check.h"
#include "tensor/io/file_presence.h"
#include "tensor/io/foreign_file.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

namespace fs = std::filesystem;

std::string join(const std::string& directory, std::string_view name) { return (fs::path(directory) / name).string(); }

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool is_directory(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

// Sorted; empty if the directory cannot be listed.
std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
    names.push_back(it->path().filename().string());
  std::ranges::sort(names);
  return names;
}

// The newest directory checkpoint-N that holds a model; empty if there is none.
std::string newest_checkpoint(const std::string& directory) {
  for (const fs::path& checkpoint : list_checkpoints(directory))
    if (exists(join(checkpoint.string(), "config.json"))) return checkpoint.filename().string();
  return {};
}

// Directories up to two levels below that have a config.json, as download caches and older layouts do.
std::string nested_model(const std::string& directory, int depth = 2) {
  for (const std::string& name : names_in(directory)) {
    const std::string path = join(directory, name);
    if (!is_directory(path)) continue;
    if (exists(join(path, "config.json"))) return path;
    if (depth > 1)
      if (const std::string below = nested_model(path, depth - 1); !below.empty()) return below;
  }
  return {};
}

std::string base_of_adapter(const std::string& directory) {
  try {
    const std::string base =
        Json::read(join(directory, "adapter_config.json")).get_string_or("base_model_name_or_path", "");
    return base.empty() ? base : fmt::format(" ({})", quote(base));
  } catch (const std::runtime_error&) {
    return {};
  }
}

// Things that are no model whether or not a config.json lies beside them.
void fail_if_adapter_or_run(const std::string& directory) {
  if (exists(join(directory, "adapter_config.json")))
    fail(
        "{}: is an adapter (adapter_config.json) of another model{}, without a config.json of its own: give that "
        "model, "
        "and this as its adapter",
        directory, base_of_adapter(directory));
  if (exists(join(directory, "adapter_model.safetensors")))
    fail("{}: has the weights of an adapter, but there is no adapter_config.json beside them", directory);
  if (const std::string checkpoint = newest_checkpoint(directory); !checkpoint.empty())
    fail("{}: is an unfinished run, without a model of its own yet: see its {} (or resume the run)", directory,
         checkpoint);
  if (exists(join(directory, "log.jsonl")))
    fail("{}: is an unfinished run, without a model or a checkpoint yet", directory);
}

// What is there in the place of model.safetensors; empty if nothing known.
std::string other_weights(const std::vector<std::string>& names) {
  const auto first = [&](auto&& is_it) {
    const auto found = std::ranges::find_if(names, is_it);
    return found == names.end() ? std::string() : *found;
  };
  const auto ending = [&](std::string_view end) {
    return first([&](const std::string& name) { return name.ends_with(end); });
  };
  if (const std::string shard = first([](const std::string& name) { return is_shard_name(name); }); !shard.empty())
    return fmt::format("{}, a shard, but not the index of the shards, {}", shard, weights_index_name);
  if (const std::string bin = first([](const std::string& name) {
        return name.starts_with("pytorch_model") && (name.ends_with(".bin") || name.ends_with(".bin.index.json"));
      });
      !bin.empty())
    return fmt::format(
        "{} (a pickle, which is not read) but no {}: load it in the reference library and save_pretrained() it",
        quote_if_odd(bin), weights_file_name);
  if (const std::string other = ending(".safetensors"); !other.empty())
    return fmt::format("{}, but weights are looked for as {}", quote(other), weights_file_name);
  for (const auto& [end, format] :
       std::vector<std::pair<std::string_view, std::string_view>>{{".h5", "TensorFlow"},
                                                                  {".ckpt.index", "TensorFlow"},
                                                                  {".ckpt.meta", "TensorFlow"},
                                                                  {".msgpack", "Flax"},
                                                                  {".onnx", "ONNX"},
                                                                  {".gguf", "GGUF"},
                                                                  {".ot", "rust-bert"},
                                                                  {".mlmodel", "Core ML"},
                                                                  {".tflite", "TensorFlow Lite"},
                                                                  {".bin", "a pickle or another format"},
                                                                  {".pt", "a pickle"},
                                                                  {".pth", "a pickle"},
                                                                  {".ckpt", "a pickle"}}) {
    if (const std::string found = ending(end); !found.empty())
      return fmt::format("{} ({}), which is not read, but no {}", quote(found), format, weights_file_name);
  }
  return {};
}

// A name like "bert-base-uncased" or "owner/model".
bool looks_like_a_hub_name(const std::string& path) {
  return !path.empty() && path[0] != '/' && path[0] != '.' && path[0] != '~' && std::ranges::count(path, '/') <= 1;
}

}  // namespace

void check_has_config(const std::string& directory) {
  const std::string config = join(directory, "config.json");
  if (exists(config)) return check_not_foreign(config);
  if (is_bare_change(directory))
    if (const std::string base = base_beside(directory); !base.empty()) return check_has_config(base);
  if (!exists(directory))
    fail("{}: no such directory{}", directory,
         looks_like_a_hub_name(directory) ? " (a path on this machine is expected: nothing is downloaded)" : "");
  if (!is_directory(directory)) {
    const std::string parent = fs::path(directory).parent_path().string();
    fail("{}: is a file; expected is the directory that it lies in, \"{}\"", directory, parent.empty() ? "." : parent);
  }
  const std::vector<std::string> names = names_in(directory);
  if (names.empty()) fail("{}: is empty; expected are config.json, {} and a tokenizer", directory, weights_file_name);
  fail_if_adapter_or_run(directory);
  is_there(config);
  if (const std::string nested = nested_model(directory); !nested.empty())
    fail("{}: has no config.json, but {} has: is that the model?", directory, nested);
  if (exists(join(directory, "bert_config.json")))
    fail("{}: has bert_config.json, as TensorFlow's first BERT, but no config.json and {}", directory,
         weights_file_name);
  if (const std::string other = other_weights(names); !other.empty())
    fail("{}: has no config.json; it has {}", directory, other);
  fail("{}: has no config.json; it has {}", directory, listed(names));
}

bool has_weights(const std::string& directory) {
  return exists(join(directory, weights_file_name)) || exists(join(directory, weights_index_name));
}

void check_model_directory(const std::string& directory, FirstWeights first) {
  check_has_config(directory);
  const bool needs_weights = first == FirstWeights::checkpoint;
  if (needs_weights && !has_weights(directory) && !holds_change(directory)) fail_without_weights(directory);
  for (const std::string_view name : {weights_file_name, weights_index_name, std::string_view("tokenizer.json"),
                                      std::string_view("tokenizer_config.json"), std::string_view("vocab.txt")}) {
    if (!needs_weights && (name == weights_file_name || name == weights_index_name)) continue;
    if (const std::string path = join(directory, name); is_there(path)) check_not_foreign(path);
  }
}

void fail_without_weights(const std::string& directory) {
  if (!exists(directory)) fail("{}: no such directory", directory);
  fail_if_adapter_or_run(directory);
  const std::string weights = join(directory, weights_file_name);
  is_there(weights);
  if (const std::string other = other_weights(names_in(directory)); !other.empty())
    fail("{}: has {}", directory, other);
  fail("{}: has neither {} nor {}", directory, weights_file_name, weights_index_name);
}

}  // namespace thaw
