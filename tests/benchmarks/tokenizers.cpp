// SPDX-License-Identifier: Apache-2.0
// Training of tokenizers and encoding with them, in one thread each, measured here; tokenizers_peer.py runs this and
// measures the reference's library beside it.
//   benchmark_tokenizers train TYPE SIZE TEXTS DIRECTORY    trains on the lines of a file and saves
//   benchmark_tokenizers encode DIRECTORY TEXTS ROUNDS      encodes the lines of a file, so many times
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "models/text/tokenizer.h"
#include "models/text/train/tokenizer_trainer.h"
#include "tensor/check.h"
#include "tests/benchmarks/measure.h"

using namespace thaw;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) fail("{}: no lines", path);
  return lines;
}

void train(const std::string& type, size_t size, const std::string& texts, const std::string& directory) {
  using Type = TokenizerTraining::Type;
  const std::vector<std::string> lines = lines_of(texts);
  std::unique_ptr<Tokenizer> tokenizer;
  bench::Timings timings;
  timings.run([&] {
    TokenizerTrainer trainer({.type = type == "wordpiece" ? Type::wordpiece
                                      : type == "bpe"     ? Type::bpe
                                                          : Type::unigram,
                              .vocab_size = size,
                              .min_frequency = 2});
    for (const std::string& line : lines) trainer.add(line);
    tokenizer = trainer.train();
  });
  std::filesystem::create_directories(directory);
  tokenizer->save(directory);
  fmt::print("{:.6f}\n", timings.times().least);
}

void encode(const std::string& directory, const std::string& texts, int rounds) {
  const std::vector<std::string> lines = lines_of(texts);
  const std::unique_ptr<Tokenizer> tokenizer = load_tokenizer(directory);
  bench::Timings timings;
  size_t tokens = 0;
  for (int round = 0; round < rounds; ++round) {
    tokens = 0;
    timings.run([&] {
      for (const std::string& line : lines) tokens += tokenizer->encode(line).size();
    });
  }
  fmt::print("{:.6f} {}\n", timings.times().least, tokens);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 5 && words[0] == "train") {
    train(words[1], std::stoul(words[2]), words[3], words[4]);
  } else if (words.size() == 4 && words[0] == "encode") {
    encode(words[1], words[2], std::stoi(words[3]));
  } else {
    fail("usage: benchmark_tokenizers train TYPE SIZE TEXTS DIRECTORY | encode DIRECTORY TEXTS ROUNDS");
  }
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
