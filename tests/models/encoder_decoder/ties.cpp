// SPDX-License-Identifier: Apache-2.0
// What encoder and decoder have in common is one set of numbers: with the gradients of both, written twice, found
// again.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "models/families.h"
#include "models/hub/base_model.h"
#include "models/hub/change_directory.h"
#include "models/hub/pretrained.h"
#include "models/tasks/merged_model.h"
#include "models/text/tokenizer.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/mode.h"
#include "tests/error_of.h"
#include "tests/models/rewritten_weights.h"
#include "tests/models/small_encoder_decoder.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Opened = Pretrained<EncoderDecoderModel>;

const std::string encoder_words = "encoder.embeddings.word_embeddings.weight",
                  decoder_words = "decoder.bert.embeddings.word_embeddings.weight",
                  encoder_query = "encoder.encoder.layer.1.attention.self.query.weight",
                  decoder_query = "decoder.bert.encoder.layer.1.attention.self.query.weight";

// The same numbers in a model of which nothing is tied.
void copy_into(const ParameterStore& tied, const ParameterStore& apart) {
  for (const Parameter& p : apart.all()) {
    std::string name = p.name();
    if (!tied.find(name).defined()) name = "encoder" + name.substr(std::string("decoder.bert").size());
    REQUIRE(tied.find(name).defined());
    p.value().copy_from(tied.find(name).value());
  }
}

std::map<std::string, std::vector<float>> gradients(const SmallEncoderDecoder& small) {
  backward(small.model.loss(small.sources(small_texts({7, 4, 9})), small.targets(small_texts({5, 6, 3}, 2))));
  std::map<std::string, std::vector<float>> found;
  for (const Parameter& p : small.store.all()) found[p.name()] = p.variable().grad().to_host<float>();
  return found;
}

void write(const std::string& directory, EncoderDecoderTie tie) {
  write_small_model<EncoderDecoderModel>(directory, small_encoder_decoder_config(tie));
  const Opened opened(directory, Device::open("reference"));
  opened.save(directory);  // with what is there twice
  write_small_vocabulary(directory);
}

std::vector<std::byte> bytes_of(const std::string& directory, const std::string& name) {
  const ModelWeights weights(directory);
  const SafetensorsEntry* entry = weights.find(name);
  REQUIRE(entry != nullptr);
  return {entry->bytes.begin(), entry->bytes.end()};
}

}  // namespace

TEST_CASE("tied encoder-decoder: gradients are the sum of those of both places") {
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::words, EncoderDecoderTie::layers}) {
    SmallEncoderDecoder tied(small_encoder_decoder_config(tie)), apart;
    copy_into(tied.store, apart.store);
    const auto of_tied = gradients(tied), of_apart = gradients(apart);
    CHECK(of_tied.size() + tied.config.tied_names().size() == of_apart.size());
    for (const auto& [name, gradient] : of_tied) {
      const auto& called = name;  // clang 14 captures no name of a structured binding
      INFO(called);
      std::vector<float> expected = of_apart.at(name);
      const bool twice = std::ranges::any_of(tied.config.tied_names(),
                                             [&, n = name](const std::string& one) { return n == "encoder." + one; });
      double scale = 1e-3;
      for (size_t i = 0; i < expected.size(); ++i) {
        if (twice) expected[i] += of_apart.at("decoder.bert" + name.substr(7))[i];
        scale = std::max(scale, static_cast<double>(std::abs(expected[i])));
      }
      double apart_most = 0;
      for (size_t i = 0; i < expected.size(); ++i)
        apart_most = std::max(apart_most, static_cast<double>(std::abs(expected[i] - gradient[i])));
      CHECK(apart_most <= 2e-5 * scale);
    }
  }
}

TEST_CASE("tied encoder-decoder: files have both names, and are tied again when they are read") {
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::words, EncoderDecoderTie::layers}) {
    const ScratchFolder folder;
    write(folder / "model", tie);
    CHECK(bytes_of(folder / "model", encoder_words) == bytes_of(folder / "model", decoder_words));
    CHECK((bytes_of(folder / "model", encoder_query) == bytes_of(folder / "model", decoder_query)) ==
          (tie == EncoderDecoderTie::layers));
    const Opened opened(folder / "model", Device::open("reference"));
    CHECK(opened.config().tie == tie);
    CHECK(opened.report().initialised.empty());
    CHECK(opened.report().unexpected.empty());
    CHECK(opened.report().notes.empty());
    CHECK_FALSE(opened.store().find(decoder_words).defined());
    CHECK(opened.store().find(decoder_query).defined() == (tie == EncoderDecoderTie::words));

    // Older versions of the reference library write them once, under either name.
    for (const std::string left_out : {"decoder.bert.embeddings.word", "encoder.embeddings.word"}) {
      rewrite(folder / "model", [&](std::vector<SafetensorsEntry>& entries) {
        std::erase_if(entries, [&](const SafetensorsEntry& entry) { return entry.name.starts_with(left_out); });
      });
      const Opened once(folder / "model", Device::open("reference"));
      CHECK(once.report().initialised.empty());
      CHECK(once.store().find(encoder_words).value().to_bytes() ==
            opened.store().find(encoder_words).value().to_bytes());
      write(folder / "model", tie);
    }
  }
}

TEST_CASE("tied encoder-decoder: where the numbers differ, they are not tied, and that is said") {
  const ScratchFolder folder;
  const auto opened_without = [&](EncoderDecoderTie tie, const std::string& other) {
    write(folder / "model", tie);
    std::vector<std::byte> changed;
    rewrite(folder / "model", [&](std::vector<SafetensorsEntry>& entries) {
      SafetensorsEntry& entry = entry_named(entries, other);
      changed.assign(entry.bytes.size(), std::byte{0});
      entry.bytes = changed;
    });
    const Opened opened(folder / "model", Device::open("reference"));
    REQUIRE(opened.report().notes.size() == 1);
    CHECK(opened.report().notes[0].find(other + " differs from encoder.") == 0);
    CHECK(opened.report().initialised.empty());
    CHECK(opened.store().find(other).value().to_bytes() == changed);
    return opened.config().tie;
  };
  CHECK(opened_without(EncoderDecoderTie::layers, decoder_query) == EncoderDecoderTie::words);
  CHECK(opened_without(EncoderDecoderTie::layers, decoder_words) == EncoderDecoderTie::none);
  CHECK(opened_without(EncoderDecoderTie::words, decoder_words) == EncoderDecoderTie::none);
}

TEST_CASE("tied encoder-decoder: a head of its own stays so where the decoder's table is left out of the file") {
  const ScratchFolder folder;
  const std::string head = "decoder.cls.predictions.decoder.weight";
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::words, EncoderDecoderTie::layers}) {
    EncoderDecoderConfig config = small_encoder_decoder_config(tie);
    config.decoder.tie_word_embeddings = false;
    write_small_model<EncoderDecoderModel>(folder / "model", config);
    const std::vector<std::byte> own = bytes_of(folder / "model", head);
    Json json = Json::read(folder / "model/config.json");
    Json decoder = *json.find("decoder");
    json.set("decoder", decoder.set("tie_word_embeddings", true)).write(folder / "model/config.json", {.indent = 2});
    const Opened opened(folder / "model", Device::open("reference"));
    REQUIRE(opened.report().notes.size() == 1);
    CHECK(opened.report().notes[0].starts_with(head + " differs from " + encoder_words));
    CHECK(opened.store().find(head).value().to_bytes() == own);
  }
}

TEST_CASE("tied encoder-decoder: dropout of the decoder's embeddings goes on while one of their parts is trained") {
  EncoderDecoderConfig config = small_encoder_decoder_config(EncoderDecoderTie::layers);
  config.encoder.hidden_dropout_prob = config.decoder.hidden_dropout_prob = 0.5;
  SmallEncoderDecoder small(config);
  const Indices ids({2, 7, 9}, small.device), at({0, 1, 2}, small.device);
  const TrainingMode training(small.store.mode());
  const auto has_dropped = [&](const std::string& trained) {
    FreezeMask::parse("freeze *\n" + trained, "rules").apply(small.store);
    const std::vector<float> rows = small.model.decoder.embeddings(ids, at).value().to_host<float>();
    return std::ranges::count(rows, 0.0F) > 4;
  };
  CHECK_FALSE(has_dropped("train decoder.cls.*"));
  CHECK(has_dropped("train encoder.embeddings.LayerNorm.*"));
  CHECK(has_dropped("train encoder.embeddings.position_embeddings.*"));
}

TEST_CASE("tied encoder-decoder: LoRA is merged into what both have, and stays apart on the head") {
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::none, EncoderDecoderTie::words, EncoderDecoderTie::layers}) {
    const ScratchFolder folder;
    write(folder / "base", tie);
    const auto writer = open_text_writer(folder / "base", {.device = Device::from_environment()});
    FreezeMask::parse("lora *.{query,dense} r=2\nlora decoder.cls.predictions.decoder r=2", "rules")
        .apply(writer->store());
    for (const Parameter& p : writer->store().trained()) {
      const std::vector<float> values = Init::normal(0.2).values(p.value().shape(), 5, p.name());
      p.value().copy_from(Tensor::from_host(values, p.value().shape(), writer->store().device()));
    }
    SaveOptions change;
    change.base = BaseModel{folder / "base", weights_hash(folder / "base")};
    const auto tokenizer = load_tokenizer(folder / "base");
    writer->save(folder / "adapted", tokenizer.get(), change);
    const MergedModel merged = merge_model(folder / "adapted", folder / "merged", Device::from_environment());
    CHECK(merged.untied.size() == 1);
    const Opened opened(folder / "merged", Device::open("reference"));
    CHECK(opened.config().tie == tie);
    CHECK_FALSE(opened.config().decoder.tie_word_embeddings);
    CHECK(opened.report().initialised.empty());
    CHECK(opened.report().notes.empty());
  }
}

TEST_CASE("encoder-decoder: peft is told of modules by names that no half has, and of a prompt's layers") {
  const ScratchFolder folder;
  write(folder / "model", EncoderDecoderTie::none);
  const auto saved = [&](const std::string& rules) {
    const auto writer = open_text_writer(folder / "model", {.device = Device::open("reference")});
    FreezeMask::parse(rules, "rules").apply(writer->store());
    writer->save(folder / "out", nullptr, {.base = as_base(folder / "model"), .as_peft = true});
    return Json::read(folder / "out/adapter_config.json");
  };
  // "decoder" is the half, too: peft would take that for the product.
  CHECK(saved("lora decoder.cls.* r=2").get_strings("target_modules") ==
        std::vector<std::string>{"predictions.decoder", "transform.dense"});
  const Json prompt = saved("prompt n=2");
  CHECK(prompt.get_int("num_layers") == 3);
  CHECK(prompt.get_int("num_attention_heads") == small_encoder_decoder_config().encoder.num_attention_heads);
}

TEST_CASE("encoder-decoder ties: peft's adapters are of one half alone, and what is of both is told by its name") {
  const ScratchFolder folder;
  const auto said = [&](EncoderDecoderTie tie, const std::string& rules) {
    write(folder / "model", tie);
    const auto writer = open_text_writer(folder / "model", {.device = Device::open("reference")});
    FreezeMask::parse(rules, "rules").apply(writer->store());
    for (const Parameter& p : writer->store().trained()) p.mark_changed();
    return error_of(
        [&] { writer->save(folder / "out", nullptr, {.base = as_base(folder / "model"), .as_peft = true}); });
  };
  const std::string both = ": encoder and decoder have it in common: peft would change the encoder's alone";
  const std::string cross = "lora decoder.*.crossattention.* r=2";
  CHECK(said(EncoderDecoderTie::layers, "lora *.layer.1.*.query r=2") ==
        "encoder.encoder.layer.1.attention.self.query" + both);
  CHECK(said(EncoderDecoderTie::layers, "train *.layer.1.output.LayerNorm.bias\n" + cross) ==
        "encoder.encoder.layer.1.output.LayerNorm.bias" + both);
  CHECK(said(EncoderDecoderTie::layers, "train *word_embeddings* rows 1:3\n" + cross) == encoder_words + both);
  CHECK(said(EncoderDecoderTie::words, "train *word_embeddings*\n" + cross) == encoder_words + both);
  for (const std::string& rules : {cross, std::string("prompt n=2"), std::string("lora encoder.*.layer.2.*.query r=2")})
    CHECK(said(EncoderDecoderTie::layers, rules) == "no error");
  CHECK(said(EncoderDecoderTie::none, "lora *.layer.1.*.query r=2") == "no error");
}
