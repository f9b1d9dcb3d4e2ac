// SPDX-License-Identifier: Apache-2.0
// Opens the new configuration as a directory without weights, as a training from scratch does, and saves that.
#include "models/fresh_model.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/families.h"
#include "models/file_limits.h"
#include "models/hub/save_pretrained.h"
#include "models/hub/weight_count.h"
#include "models/input/joint_processor.h"
#include "models/input/preprocessor_file.h"
#include "models/pair_model.h"
#include "models/sequence_body.h"
#include "models/unseen_parts.h"
#include "nn/scope.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"

namespace thaw {

namespace {

// Of "BertForMaskedLM" and "GPT2LMHeadModel" how the family's head ends, whatever it is called first.
std::string ending_of(const std::string& architecture) {
  for (const char* begin : {"For", "LMHead"})
    if (const size_t at = architecture.find(begin); at != std::string::npos) return architecture.substr(at);
  return architecture;
}

FreshModel told_of(const ParameterStore& store, const std::string& architecture) {
  FreshModel out{architecture};
  for (const Parameter& parameter : store.all()) {
    const int64_t numbers = parameter.value().numel();
    out.parameters += numbers;
    out.bytes += static_cast<uint64_t>(numbers) * sizeof(float);
  }
  return out;
}

using Configured = std::function<Json(const FreshSizes&)>;

// Of each size that was given its name, what was given, and all sizes without it.
struct GivenSize {
  std::string name, value;
  FreshSizes without;
};

std::vector<GivenSize> given_sizes(const FreshSizes& sizes) {
  std::vector<GivenSize> given;
  const auto add = [&](const char* name, auto FreshSizes::*field) {
    if (!(sizes.*field)) return;
    given.push_back({name, fmt::format("{}", *(sizes.*field)), sizes});
    (given.back().without.*field).reset();
  };
  add("layers", &FreshSizes::layers);
  add("hidden_size", &FreshSizes::hidden_size);
  add("heads", &FreshSizes::heads);
  add("intermediate_size", &FreshSizes::intermediate_size);
  add("positions", &FreshSizes::positions);
  add("dropout", &FreshSizes::dropout);
  add("initializer_range", &FreshSizes::initializer_range);
  add("activation", &FreshSizes::activation);
  add("image_size", &FreshSizes::image_size);
  add("patch_size", &FreshSizes::patch_size);
  add("channels", &FreshSizes::channels);
  add("frames", &FreshSizes::frames);
  add("mel_bins", &FreshSizes::mel_bins);
  add("patch_frames", &FreshSizes::patch_frames);
  add("projection_size", &FreshSizes::projection_size);
  return given;
}

// Does a key of the configuration come from that size? Then it has another value without.
bool comes_from(const GivenSize& size, const std::string& key, const Json& value, const Configured& configured) try {
  const Json without = configured(size.without);
  return !without.contains(key) || without.at(key).dump() != value.dump();
} catch (const std::exception&) {  // other sizes need it
  return false;
}

// "FILE: KEY: what is wrong" of a configuration that nobody wrote, and whose file is not to stay, in the words of the
// size that the key comes from; "FILE: what is wrong" without the file.
[[noreturn]] void fail_of_sizes(std::string message, const std::string& directory, const FreshSizes& sizes,
                                const Json& config, const Configured& configured) {
  for (const std::string& origin : {directory + "/config.json: ", std::string("JSON: ")})
    if (message.starts_with(origin)) message.erase(0, origin.size());
  const std::string key = message.substr(0, message.find(':'));
  if (config.contains(key))
    for (const GivenSize& size : given_sizes(sizes))
      if (const Json value = config.at(key); comes_from(size, key, value, configured)) {
        const bool is_same = (value.is_string() ? value.as_string() : value.dump()) == size.value;
        throw std::invalid_argument(
            fmt::format("{} {}: {}", size.name, size.value, is_same ? message.substr(key.size() + 2) : message));
      }
  throw std::runtime_error(message);
}

const ModelFamily& family_named(const std::string& model_type) {
  return family_of(Json::object().set("model_type", model_type));
}

// Weights of a family that tells their spread by one number are drawn as is asked.
Json with_spread(Json config, const FreshSizes& sizes) {
  if (!sizes.initializer_range) return config;
  for (const char* key : {"initializer_range", "init_std"})
    if (config.contains(key)) {
      config.set(key, *sizes.initializer_range);
      return config;
    }
  throw std::invalid_argument(fmt::format("initializer_range {}: the config.json of a {} has none",
                                          *sizes.initializer_range, config.at("model_type").as_string()));
}

FreshModel write_body(const std::string& directory, const ModelFamily& family, const Json& config, Device device,
                      uint64_t seed) {
  WeightCount count;
  ParameterStore counted(device);
  counted.set_source(&count);
  family.open_body(Scope(counted), config, {});
  check_room_for_weights(directory, count, DType::f32, device);
  ParameterStore store(device, DType::f32, seed);
  const std::unique_ptr<SequenceBody> body = family.open_body(Scope(store), config, {});
  save_pretrained(directory, config, store);
  return told_of(store, config.at("architectures").at(0).as_string());
}

FreshModel write_model_of_files(const std::string& directory, const ModelFamily& family, const Json& config,
                                Device device, uint64_t seed) {
  write_file_atomically(directory + "/config.json", config.dump());
  const std::string architecture = config.at("architectures").at(0).as_string();
  const std::unique_ptr<TextModel> model =
      family.open(directory, FirstWeights::random)->build(ending_of(architecture), device, DType::f32, seed);
  const FileLimits files = model->limits().files;
  const PreprocessorFile processor = usual_preprocessor(files);
  model->save(directory, &processor, {});
  FreshModel told = told_of(model->store(), architecture);
  told.notes = notes_of_unseen(files);
  return told;
}

FreshModel write_pair_model(const std::string& directory, const ModelFamily& family, const std::string& architecture,
                            const Tokenizer& tokenizer, Device device, uint64_t seed) {
  const std::unique_ptr<PairModel> model =
      family.open_pair(directory, FirstWeights::random)->build(device, DType::f32, seed);
  const FileLimits files = model->tower(PairSide::files).limits().files;
  const PreprocessorFile file_processor = usual_preprocessor(files);
  const JointProcessor processors{&file_processor, &tokenizer};
  model->save(directory, &processors, {});
  FreshModel told = told_of(model->store(), architecture);
  told.notes = notes_of_unseen(files);
  return told;
}

}  // namespace

FreshModel write_fresh_model(const std::string& directory, const std::string& model_type, const FreshSizes& sizes,
                             const Tokenizer& tokenizer, Device device, uint64_t seed) {
  const ModelFamily& family = family_named(model_type);
  check(family.fresh_config != nullptr, "{}: no family of new models", model_type);
  const Configured configured = [&](const FreshSizes& s) { return with_spread(family.fresh_config(s, tokenizer), s); };
  const Json config = configured(sizes);
  write_file_atomically(directory + "/config.json", config.dump());
  const std::string architecture = config.at("architectures").at(0).as_string();
  const std::string ending = ending_of(architecture);
  const auto save = [&](auto& model, const auto* processor) {
    model.save(directory, processor, {});
    return told_of(model.store(), architecture);
  };
  try {
    if (family.open_pair) return write_pair_model(directory, family, architecture, tokenizer, device, seed);
    const auto checkpoint = family.open ? family.open(directory, FirstWeights::random) : nullptr;
    if (checkpoint && checkpoint->has(ending)) {
      const std::unique_ptr<TextModel> model = checkpoint->build(ending, device, DType::f32, seed);
      std::optional<PreprocessorFile> files;
      if (const TextLimits limits = model->limits(); limits.reads_files()) files = usual_preprocessor(limits.files);
      const JointProcessor both{&tokenizer, files ? &*files : nullptr};
      return save(*model, &both);
    }
    return save(*family.open_writer(
                    directory, {.device = device, .seed = seed, .first_weights = FirstWeights::random, .prepare = {}}),
                &tokenizer);
  } catch (const std::runtime_error& error) {
    fail_of_sizes(error.what(), directory, sizes, config, configured);
  }
}

bool fresh_model_reads_texts(const std::string& model_type) {
  return family_named(model_type).fresh_wordless_config == nullptr;
}

std::optional<InputKind> fresh_model_reads(const std::string& model_type) {
  const ModelFamily& family = family_named(model_type);
  if (family.fresh_wordless_config && !family.open) return {};
  return family.reads;
}

FreshModel write_fresh_model(const std::string& directory, const std::string& model_type, const FreshSizes& sizes,
                             Device device, uint64_t seed) {
  const ModelFamily& family = family_named(model_type);
  check(family.fresh_wordless_config != nullptr, "{}: no family of new models without words", model_type);
  const Configured configured = [&](const FreshSizes& s) { return with_spread(family.fresh_wordless_config(s), s); };
  const Json config = configured(sizes);
  try {
    return family.open ? write_model_of_files(directory, family, config, device, seed)
                       : write_body(directory, family, config, device, seed);
  } catch (const std::runtime_error& error) {
    fail_of_sizes(error.what(), directory, sizes, config, configured);
  }
}

}  // namespace thaw
