// SPDX-License-Identifier: Apache-2.0
// GPT directories: names of every age, masks among the tensors, own and tied output matrices, 16-bit weights, one head
// in the place of another.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "models/families.h"
#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/hub/pretrained.h"
#include "models/tasks/text_pipeline.h"
#include "tests/error_of.h"
#include "tests/models/rewritten_weights.h"
#include "tests/models/small_gpt.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Values = std::map<std::string, std::vector<float>>;

const std::string output = "lm_head.weight", classes = "score.weight";

template <typename Model>
Values values_of(const Pretrained<Model>& gpt) {
  Values values;
  for (const Parameter& p : gpt.store().all()) values[p.name()] = p.value().template to_host<float>();
  return values;
}

template <typename Model>
Values loaded(const std::string& directory) {
  const Pretrained<Model> gpt(directory, Device::from_environment());
  CHECK(gpt.report().initialised.empty());
  CHECK(gpt.report().unexpected.empty());
  return values_of(gpt);
}

std::vector<std::string> names_in(const std::string& directory) {
  const ModelWeights weights(directory);
  std::vector<std::string> names;
  for (const SafetensorsEntry* entry : weights.entries()) names.push_back(entry->name);
  std::ranges::sort(names);
  return names;
}

void without_prefix(const std::string& directory) {
  rename(directory, [](const std::string& name) {
    const std::string prefix = "transformer.";
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  });
}

bool has_note(const LoadReport& report, const std::string& part) {
  return std::ranges::any_of(report.notes,
                             [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("GPT checkpoints: names without the prefix, and masks of any type among the tensors") {
  for (const char* type : {"gpt2", "openai-gpt"}) {
    CAPTURE(type);
    const ScratchFolder folder;
    const std::string directory = folder / "model";
    write_small_model<GptLMHeadModel>(directory, small_gpt_config(type));
    const Values values = loaded<GptLMHeadModel>(directory);
    const std::vector<std::string> names = names_in(directory);
    CHECK_FALSE(values.contains(output));
    without_prefix(directory);
    CHECK(loaded<GptLMHeadModel>(directory) == values);
    const std::vector<std::byte> mask(32 * 32 * 4, std::byte{1});
    struct Stored {
      std::string dtype;
      size_t size;
    };
    for (const Stored& mask_type : {Stored{"F32", 4}, Stored{"U8", 1}, Stored{"BOOL", 1}, Stored{"F16", 2}}) {
      CAPTURE(mask_type.dtype);
      rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {
        for (const std::string layer : {"0", "1", "2"})
          for (const std::string name : {"bias", "masked_bias"}) {
            const std::string full = "h." + layer + ".attn." + name;
            std::erase_if(entries, [&](const SafetensorsEntry& entry) { return entry.name == full; });
            const bool whole = name == "bias";
            SafetensorsEntry& added = entries.emplace_back();
            added.name = full;
            added.dtype = mask_type.dtype;
            added.shape = whole ? std::vector<int64_t>{1, 1, 32, 32} : std::vector<int64_t>{};
            added.bytes = std::span(mask).first(mask_type.size * (whole ? 32 * 32 : 1));
          }
      });
      CHECK(loaded<GptLMHeadModel>(directory) == values);
    }
    // What is saved has today's names, and no masks.
    const Pretrained<GptLMHeadModel> gpt(directory, Device::from_environment());
    gpt.save(folder / "saved");
    CHECK(names_in(folder / "saved") == names);
    CHECK(loaded<GptLMHeadModel>(folder / "saved") == values);
  }
}

TEST_CASE("GPT checkpoints: an output matrix is the words' unless the file has one with other numbers") {
  for (const char* type : {"gpt2", "openai-gpt"}) {
    CAPTURE(type);
    const ScratchFolder folder;
    const std::string directory = folder / "model";
    const GptConfig config = small_gpt_config(type);
    const std::string words = config.is_gpt1() ? "transformer.tokens_embed.weight" : "transformer.wte.weight";
    write_small_model<GptLMHeadModel>(directory, config);
    const Values values = loaded<GptLMHeadModel>(directory);
    rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {
      SafetensorsEntry copy = entry_named(entries, words);
      copy.name = output;
      entries.push_back(copy);
    });
    CHECK(loaded<GptLMHeadModel>(directory) == values);
    rename(directory, [&](const std::string& name) { return name == words ? "gone" : name; });
    rewrite(directory, [](std::vector<SafetensorsEntry>& entries) {
      std::erase_if(entries, [](const SafetensorsEntry& entry) { return entry.name == "gone"; });
    });
    CHECK(loaded<GptLMHeadModel>(directory) == values);  // the output matrix alone is both

    GptConfig own = config;
    own.tie_word_embeddings = false;
    write_small_model<GptLMHeadModel>(folder / "own", own);
    const Values apart = loaded<GptLMHeadModel>(folder / "own");
    CHECK(apart.at(output) != apart.at(words));
    Json json = Json::read(folder / "own/config.json");
    json.erase("tie_word_embeddings");
    json.write(folder / "own/config.json", {});
    const Pretrained<GptLMHeadModel> found(folder / "own", Device::from_environment());
    CHECK(values_of(found) == apart);
    CHECK(has_note(found.report(), "lm_head.weight differs from " + words + ": tie_word_embeddings is now false"));
    found.save(folder / "own saved");
    CHECK(Json::read(folder / "own saved/config.json").get_bool("tie_word_embeddings") == false);
    CHECK(loaded<GptLMHeadModel>(folder / "own saved") == apart);

    json = Json::read(directory + "/config.json");
    json.set("tie_word_embeddings", false);
    write_small_model<GptLMHeadModel>(directory, config);
    json.write(directory + "/config.json", {});
    const Pretrained<GptLMHeadModel> alone(directory, Device::from_environment());
    CHECK(values_of(alone) == values);
    CHECK(has_note(alone.report(), "lm_head.weight is not there: words are tied"));
  }
}

TEST_CASE("GPT checkpoints: weights of 16 bits") {
  const ScratchFolder folder;
  write_small_model<GptLMHeadModel>(folder / "model", small_gpt_config());
  const Values values = loaded<GptLMHeadModel>(folder / "model");
  const Pretrained<GptLMHeadModel> gpt(folder / "model", Device::from_environment());
  for (const auto& [dtype, tolerance] : {std::pair{DType::bf16, 5e-3}, {DType::f16, 1e-3}}) {
    gpt.save(folder / "half", nullptr, {.dtype = dtype});
    const Values rounded = loaded<GptLMHeadModel>(folder / "half");
    REQUIRE(rounded.size() == values.size());
    for (const auto& [name, numbers] : values)
      for (size_t i = 0; i < numbers.size(); ++i)
        CHECK(rounded.at(name)[i] == doctest::Approx(numbers[i]).epsilon(tolerance));
  }
}

TEST_CASE("GPT checkpoints: a language model becomes a classifier, a classifier is a language model still") {
  const ScratchFolder folder;
  GptConfig config = small_gpt_config();
  config.eos_token_ids = {4};
  write_small_model<GptLMHeadModel>(folder / "words", config);
  const Values values = loaded<GptLMHeadModel>(folder / "words");
  const Pretrained<GptForSequenceClassification> fresh(folder / "words", Device::from_environment());
  CHECK(fresh.report().initialised == std::vector<std::string>{classes});
  CHECK(fresh.config().padding_of_classifier() == 4);
  fresh.save(folder / "classes");
  CHECK(Json::read(folder / "classes/config.json").get_int("pad_token_id") == 4);
  CHECK(loaded<GptLMHeadModel>(folder / "words") == values);

  write_small_vocabulary(folder / "classes");
  folder.write("classes/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  const auto open = [&](const char* ending) {
    return TextPipeline(folder / "classes", TextPurpose{ending, "a test"}, {.device = Device::open("reference")});
  };
  const TextPipeline again = open("LMHeadModel");
  CHECK(again.report().initialised.empty());
  CHECK(std::ranges::none_of(again.report().notes,
                             [](const std::string& note) { return note.find("another task") != std::string::npos; }));
  CHECK(open("Model").report().initialised.empty());
  CHECK(open("ForSequenceClassification").report().initialised.empty());

  // A trained classifier whose file has no padding reads the last token, as the reference does of one text.
  Json json = Json::read(folder / "classes/config.json");
  json.erase("pad_token_id");
  json.write(folder / "classes/config.json", {});
  const Pretrained<GptForSequenceClassification> old(folder / "classes", Device::from_environment());
  CHECK_FALSE(old.config().padding_of_classifier().has_value());
}

TEST_CASE("GPT checkpoints: what is missing, and what has another shape, is named") {
  const ScratchFolder folder;
  write_small_model<GptLMHeadModel>(folder / "model", small_gpt_config());
  const auto error = [&] {
    return error_of<std::runtime_error>(
        [&] { Pretrained<GptLMHeadModel>(folder / "model", Device::open("reference")); });
  };
  Json json = Json::read(folder / "model/config.json");
  json.set("n_positions", 31).write(folder / "model/config.json", {});
  CHECK(error().find("tensor transformer.wpe.weight: its shape is [32, 16], transformer.wpe.weight needs [31, 16]") !=
        std::string::npos);
  json.set("n_positions", 32).write(folder / "model/config.json", {});
  rewrite(folder / "model", [](std::vector<SafetensorsEntry>& entries) {
    std::erase_if(entries, [](const SafetensorsEntry& entry) { return entry.name == "transformer.ln_f.bias"; });
  });
  CHECK(error().find("the checkpoint has no tensor transformer.ln_f.bias") != std::string::npos);
}
