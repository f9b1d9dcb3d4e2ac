// SPDX-License-Identifier: Apache-2.0
// A pretrained encoder stays as it is, a new head on it learns what is weather, and both predict. Usage: train_head DIR
#include <thaw/thaw.h>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

using namespace thaw;

int main(int argc, char** argv) try {
  const std::string directory = argc > 1 ? argv[1] : ".";  // of a Hugging Face BERT: config.json, weights, tokenizer
  const Device device = Device::from_environment();
  const auto tokenizer = load_tokenizer(directory);
  Pretrained<Bert> encoder(directory, device);
  FreezeMask::all_frozen().apply(encoder.store());

  ParameterStore store(device);
  const Linear head(Scope(store) / "head", encoder.config().hidden_size, 2);
  const auto logits = [&](const std::vector<std::string>& texts) {  // [texts, 2]
    std::vector<Encoding> tokens;
    for (const std::string& text : texts) tokens.push_back(tokenizer->encode(text));
    return head(encoder.model().pooled(BertInput::from_encodings(tokens, device)));
  };

  AdamW optimizer(store);
  const Indices answers({1, 1, 0, 0}, device);
  for (int step = 0; step < 100; ++step) {
    const Variable loss =
        cross_entropy(logits({"it may rain", "a cold wind", "he sells books", "the game was long"}), answers);
    backward(loss);
    optimizer.step(0.02);
    optimizer.clear_gradients();
    if (step % 33 == 0) std::printf("step %d: loss %.4f\n", step, static_cast<double>(loss.item()));
  }

  const NoGrad no_grad;
  const std::vector<float> shares = softmax(logits({"a cold rain", "the books"})).value().to_host<float>();
  std::printf("a cold rain: %.2f weather\nthe books: %.2f weather\n", static_cast<double>(shares[1]),
              static_cast<double>(shares[3]));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
