// SPDX-License-Identifier: Apache-2.0
// thaw init: a new model, with random weights.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/number_options.h"
#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/init_pair_start.h"
#include "examples/thaw/init_warm_start.h"
#include "examples/thaw/tokenizer_texts.h"
#include "models/audio/mel_frames.h"
#include "models/fresh_model.h"
#include "models/hub/config.h"
#include "nn/activation.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

constexpr const char *tokenizer_group = "Tokenizer", *sizes_group = "Sizes (default: the family's own)",
                     *files_group = "Pictures, sounds and films (default: the family's own)";

struct Arguments {
  std::string type, tokenizer, tokenizer_type, output_dir, device;
  TokenizerTexts texts;
  std::optional<int64_t> vocab_size;
  FreshSizes sizes;
  WarmStart warm_start;
  PairStart pair_start;
  uint64_t seed = 42;
};

// Of what is in files: which models have an option.
struct FileOption {
  const char* name;
  std::vector<InputKind> of;

  bool is_of(std::optional<InputKind> reads) const { return reads && std::ranges::find(of, *reads) != of.end(); }
  std::string things() const {
    std::string text;
    for (const InputKind kind : of) text += (text.empty() ? "" : " or ") + std::string(name_of(kind));
    return text;
  }
};
const std::vector<FileOption> file_options{
    {"--image-size", {InputKind::pictures, InputKind::films, InputKind::questions}},
    {"--patch-size", {InputKind::pictures, InputKind::films, InputKind::questions, InputKind::sounds}},
    {"--channels", {InputKind::pictures, InputKind::films, InputKind::questions}},
    {"--mel-bins", {InputKind::sounds}},
    {"--frames", {InputKind::sounds, InputKind::films}},
    {"--patch-frames", {InputKind::films}}};

// What the family's first tokenizers were.
std::string usual_tokenizer_type(const std::string& model_type) {
  if (model_type.find("t5") != std::string::npos) return "unigram";
  if (model_type == "mpnet") return "mpnet";
  return model_type.find("gpt") != std::string::npos ? "bpe" : "wordpiece";
}

// No option of such a group was given.
void check_none_of(const CLI::App& command, const std::string& group, const std::string& why) {
  for (const CLI::Option* option : command.get_options())
    if (option->get_group() == group && option->count() > 0) throw CLI::ValidationError(option->get_name(), why);
}

void check_options(const CLI::App& command, const Arguments& a) {
  if (is_pair_start(a.type)) {
    check_pair_start(a.type, a.pair_start);
    for (const char* group : {tokenizer_group, sizes_group, files_group, warm_start_group})
      check_none_of(command, group, "is not for a model of two that are there: it has what they have");
    return;
  }
  check_none_of(command, pair_start_group, "is for --type vision-text-dual-encoder and speech-text");
  if (command.count("--projection-size") > 0 && a.type != "clip")
    throw CLI::ValidationError("--projection-size", "is for models of pairs, which " + a.type + " is none of");
  if (a.type == warm_start_type) {
    if (a.warm_start.encoder.empty())
      throw CLI::ValidationError("--encoder", "a directory of a BERT is needed, which becomes the encoder");
    for (const char* group : {tokenizer_group, sizes_group, files_group})
      check_none_of(command, group, "is for new models: an encoder-decoder has what --encoder and --decoder have");
    return;
  }
  check_none_of(command, warm_start_group, "is for --type encoder-decoder");
  for (const FileOption& option : file_options)
    if (command.count(option.name) > 0 && !option.is_of(fresh_model_reads(a.type)))
      throw CLI::ValidationError(option.name,
                                 fmt::format("is for models of {}, which {} is none of", option.things(), a.type));
  if (!fresh_model_reads_texts(a.type)) {
    const std::string why = "is for models of texts, which " + a.type + " is none of";
    return check_none_of(command, tokenizer_group, why.c_str());
  }
  if (a.tokenizer.empty() == a.texts.files.empty())
    throw CLI::ValidationError(
        "--tokenizer", "either a directory with one, or --files, texts that a new one is trained on, is needed");
  if (a.tokenizer.empty()) {
    if (!a.vocab_size) throw CLI::ValidationError("--vocab-size", "a new tokenizer needs it");
    return;
  }
  for (const char* option : {"--vocab-size", "--tokenizer-type", "--text-column", "--format"})
    if (command.count(option) > 0)
      throw CLI::ValidationError(option, "is for --files, texts that a new tokenizer is trained on");
}

std::unique_ptr<Tokenizer> tokenizer_of(const Arguments& a) {
  if (!a.tokenizer.empty()) return load_tokenizer(a.tokenizer);
  const std::string type = a.tokenizer_type.empty() ? usual_tokenizer_type(a.type) : a.tokenizer_type;
  TokenizerTraining training{.type = tokenizer_types().at(type), .vocab_size = static_cast<size_t>(*a.vocab_size)};
  if (a.sizes.positions) training.model_max_length = static_cast<size_t>(*a.sizes.positions);
  TokenizerTrainer trainer(training);
  add_texts(a.texts, trainer);
  return trainer.train();
}

// A size that cannot be meant begins the message, by the name of its field: all of them are options.
template <class Write>
FreshModel in_words_of_sizes(const Write& write) try {
  return write();
} catch (const std::invalid_argument& error) {
  const std::string message = error.what(), field = message.substr(0, message.find_first_of(" :"));
  for (const char* one :
       {"layers", "heads", "positions", "dropout", "initializer_range", "activation", "channels", "frames"})
    if (field == one) {
      std::string option = "--" + field;
      std::ranges::replace(option, '_', '-');
      throw CLI::ValidationError(option + message.substr(field.size()));
    }
  throw;
}

void init(const Arguments& a) {
  if (std::filesystem::exists(a.output_dir)) fail("--output-dir {}: is there already: choose another", a.output_dir);
  if (is_pair_start(a.type)) {
    PairStart parts = a.pair_start;
    parts.projection_size = a.sizes.projection_size;
    return init_pair_start(a.type, a.output_dir, parts, a.device, a.seed);
  }
  if (a.type == warm_start_type) return init_warm_start(a.output_dir, a.warm_start, a.device, a.seed);
  ParentDirectories parents(a.output_dir);
  AtomicDirectory fresh(a.output_dir);
  const bool reads_texts = fresh_model_reads_texts(a.type);
  const std::unique_ptr<Tokenizer> tokenizer = reads_texts ? tokenizer_of(a) : nullptr;
  const Device device = open_device(a.device);
  const auto write = [&] {
    return reads_texts ? write_fresh_model(fresh.path(), a.type, a.sizes, *tokenizer, device, a.seed)
                       : write_fresh_model(fresh.path(), a.type, a.sizes, device, a.seed);
  };
  const FreshModel made = in_words_of_sizes(write);
  fresh.commit();
  parents.commit();
  for (const std::string& note : made.notes) fmt::print(stderr, "warning: {}\n", note);
  const std::optional<InputKind> reads = fresh_model_reads(a.type);
  fmt::print("{}: {} with random weights (seed {}), {}, {:.1f} MB; {}\n", a.output_dir, made.architecture, a.seed,
             counted(made.parameters, "parameter"), static_cast<double>(made.bytes) / 1e6,
             reads_texts ? counted(tokenizer->vocab_size(), "token")
                         : fmt::format("it reads {}", reads ? name_of(*reads) : "rows, no texts"));
}

void add_sizes(CLI::App& command, FreshSizes& sizes) {
  const auto add = [&](const char* names, std::optional<int64_t>& value, int64_t most, const char* help) {
    add_number(command, names, value, {.least = 1, .most = most}, help)->group(sizes_group);
  };
  add("--layers,--num-hidden-layers", sizes.layers, max_layers, "layers; of an encoder and of its decoder each");
  add("--hidden-size", sizes.hidden_size, INT32_MAX, "numbers of a token's state");
  add("--heads,--num-attention-heads", sizes.heads, INT32_MAX, "heads, which divide a state (default: of 64 numbers)");
  add("--intermediate-size", sizes.intermediate_size, INT32_MAX,
      "numbers between the two matrices of a layer (default: four states)");
  add("--positions,--max-position-embeddings", sizes.positions, INT32_MAX, "tokens that a text may have");
  add_number(command, "--dropout", sizes.dropout, {.least = 0, .most = 1, .below = true},
             "share of the numbers that are dropped in training, everywhere")
      ->group(sizes_group);
  add_number(command, "--initializer-range,--init-std", sizes.initializer_range, {.least = 0, .most = 1},
             "standard deviation of new weights (default: the family's, .02 for states of 768; narrow models may learn "
             "sooner from more)")
      ->group(sizes_group);
  command
      .add_option("--activation,--hidden-act", sizes.activation, "gelu, gelu_new, relu, ...; of a T5 gated-gelu, ...")
      ->type_name("NAME")
      ->group(sizes_group);
}

void add_files(CLI::App& command, FreshSizes& sizes) {
  const auto add = [&](const char* name, std::optional<int64_t>& value, int64_t most, const char* help) {
    add_number(command, name, value, {.least = 1, .most = most}, help)->group(files_group);
  };
  add("--image-size", sizes.image_size, 8192, "side of the square that pictures are resized to");
  add("--patch-size", sizes.patch_size, 8192,
      "side of the squares that pictures are cut into, or spectrograms (there they overlap, by 6 of 16)");
  add("--channels,--num-channels", sizes.channels, 3, "1: grey; 3: colours");
  add("--mel-bins,--num-mel-bins", sizes.mel_bins, most_mel_bins, "bands of frequencies that a sound's frames have");
  add("--frames,--num-frames", sizes.frames, most_mel_frames,
      "of a film: so many are looked at; of a sound, of 10 ms: how long it is heard (AST: each as long as that; "
      "Whisper: "
      "at most so long, in whole seconds)");
  add("--patch-frames", sizes.patch_frames, most_mel_frames, "of a film, that one row is made of, a patch of each");
}

std::vector<std::string> types() {
  std::vector<std::string> types = fresh_model_types();
  types.emplace_back(warm_start_type);
  for (const std::string& type : pair_start_types()) types.push_back(type);
  return types;
}

}  // namespace

void add_init(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("init", "a new model, with random weights or made of two");
  add_word(*command, "--type,--model-type", a->type, types(), "the family of models")->required();
  command->add_option("--output-dir", a->output_dir, "where the model goes: a new directory")
      ->required()
      ->type_name("DIR");
  add_number(*command, "--seed", a->seed, "of the weights: the same seed gives the same bits")
      ->default_str(fmt::format("{}", a->seed));
  command
      ->add_option("--device", a->device,
                   "where they are drawn: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  const char* group = tokenizer_group;
  command->add_option("--tokenizer", a->tokenizer, "directory of a tokenizer, or of a model that has one")
      ->type_name("DIR")
      ->group(group);
  add_text_options(*command, a->texts);
  for (const char* name : {"--files", "--text-column", "--format"}) command->get_option(name)->group(group);
  add_number(*command, "--vocab-size", a->vocab_size, {.least = 1, .most = Vocabulary::max_id},
             "tokens of a new tokenizer, special ones included; T5's 100 sentinels come on top")
      ->group(group);
  add_word(
      *command, "--tokenizer-type", a->tokenizer_type, {"wordpiece", "mpnet", "bpe", "unigram"},
      "of a new tokenizer (default: what the family has: wordpiece of BERT, mpnet of MPNet, bpe of GPT, unigram of T5)")
      ->group(group);
  add_sizes(*command, a->sizes);
  add_files(*command, a->sizes);
  add_number(*command, "--projection-size", a->sizes.projection_size, {.least = 1, .most = INT32_MAX},
             "of models of pairs: numbers of a vector (default: 512, of speech-text 256)");
  add_warm_start_options(*command, a->warm_start);
  add_pair_start_options(*command, a->pair_start);
  command->footer(
      "What is written loads in the reference library: config.json with the tokenizer's vocabulary and special "
      "tokens,\n"
      "model.safetensors, the tokenizer's files (copied, or trained on --files as `thaw tokenizer train` does, which "
      "has more\noptions).\n\n"
      "Examples:\n"
      "  thaw init --type bert --tokenizer data/minilm --layers 4 --hidden-size 256 --output-dir data/small_bert\n"
      "  thaw init --type t5 --files train.tsv --vocab-size 4096 --layers 3 --hidden-size 192 --output-dir "
      "data/small_t5\n"
      "  thaw init --type vit --image-size 28 --patch-size 4 --channels 1 --layers 4 --hidden-size 128 --output-dir "
      "data/small_vit\n"
      "  thaw init --type whisper --mel-bins 40 --frames 100 --layers 4 --hidden-size 128 --output-dir "
      "data/small_whisper\n"
      "  thaw init --type vivit --image-size 32 --patch-size 8 --frames 8 --patch-frames 2 --layers 4 --hidden-size "
      "128 --output-dir data/small_vivit\n"
      "  thaw init --type clip --files captions.tsv --vocab-size 100 --image-size 36 --patch-size 6 --layers 4 "
      "--hidden-size 128 --output-dir data/small_clip\n"
      "  thaw init --type vision-text-dual-encoder --image-model runs/vit --text-model data/minilm --output-dir "
      "data/dual\n"
      "  thaw init --type speech-text --audio-model data/whisper_tiny_en --text-model data/minilm --output-dir "
      "data/speech\n"
      "  thaw init --type lstm --layers 3 --hidden-size 384 --output-dir data/lstm\n"
      "  thaw init --type encoder-decoder --encoder data/minilm --decoder-layers 3 --output-dir data/bert2bert");
  command->callback([a, command] {
    check_options(*command, *a);
    init(*a);
  });
}

}  // namespace thaw
