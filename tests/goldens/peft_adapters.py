# SPDX-License-Identifier: Apache-2.0
# Makes goldens of adapters with peft: small random models under configurations of many kinds, in the layout of this
# folder. Needs the Python packages torch, transformers and peft.
#   peft_adapters.py FOLDER [SEED]
#   THAW_GOLDENS=FOLDER build/tests/thaw_tests --test-case='golden adapters*'
import json
import os
import sys

import torch
import transformers
from peft import IA3Config, LoraConfig, PrefixTuningConfig, get_peft_model
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification, BertForTokenClassification
from transformers import T5Config, T5ForConditionalGeneration

folder, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
transformers.logging.set_verbosity_error()


def bert(head=BertForSequenceClassification, labels=5):
    return head(BertConfig(vocab_size=61, hidden_size=20, num_hidden_layers=4, num_attention_heads=4,
                           intermediate_size=28, max_position_embeddings=40, num_labels=labels,
                           hidden_dropout_prob=0, attention_probs_dropout_prob=0))


def t5(heads=3, size=6):
    return T5ForConditionalGeneration(T5Config(vocab_size=71, d_model=20, d_kv=size, d_ff=30, num_layers=3,
                                               num_decoder_layers=2, num_heads=heads, dropout_rate=0,
                                               decoder_start_token_id=0, feed_forward_proj="relu"))


cases = {
    "bias_all": (bert(), LoraConfig(r=4, lora_alpha=9, target_modules=["query", "key", "output.dense"], bias="all",
                                    task_type="SEQ_CLS")),
    "all_linear": (bert(), LoraConfig(r=2, lora_alpha=5, target_modules="all-linear", task_type="SEQ_CLS",
                                      use_rslora=True)),
    "expression": (bert(), LoraConfig(r=3, target_modules=r"bert\.encoder\.layer\.(0|2)\..*(query|dense)$",
                                      use_dora=True, task_type="SEQ_CLS", modules_to_save=["bert.pooler"])),
    "layers": (bert(), LoraConfig(r=3, target_modules=["query", "value"], layers_to_transform=[1, 3],
                                  layers_pattern="layer", alpha_pattern={"value": 2.5},
                                  rank_pattern={r"layer\.3\.attention\.self\.(query|value)": 5})),
    "excluded": (bert(), LoraConfig(r=3, target_modules=["dense"], bias="lora_only",
                                    exclude_modules=["attention.output.dense", "pooler.dense"],
                                    modules_to_save=["LayerNorm", "classifier"])),
    "token_list": (bert(), LoraConfig(r=3, target_modules=["value"], trainable_token_indices=[3, 60, 11],
                                      task_type="SEQ_CLS")),
    "ia3": (bert(), IA3Config(target_modules=r".*(key|value|intermediate\.dense|output\.dense)",
                              feedforward_modules=r".*layer\.\d+\.output\.dense", task_type="SEQ_CLS")),
    "token_classes": (bert(BertForTokenClassification, 3),
                      LoraConfig(r=2, target_modules=["query", "value"], task_type="TOKEN_CLS",
                                 layers_to_transform=2)),
    "t5_dora": (t5(), LoraConfig(r=3, lora_alpha=4, target_modules=["q", "k", "wi", "wo"], use_dora=True,
                                 task_type="SEQ_2_SEQ_LM", modules_to_save=["final_layer_norm"])),
    "t5_ia3": (t5(), IA3Config(target_modules=["k", "v", "wo"], feedforward_modules=["wo"],
                               task_type="SEQ_2_SEQ_LM")),
    # A prefix of a layer for each of the encoder: the decoder's two read the first and the third.
    "t5_prefix": (t5(4, 5), PrefixTuningConfig(num_virtual_tokens=3, task_type="SEQ_2_SEQ_LM")),
    "t5_tokens": (t5(), LoraConfig(r=3, target_modules=["o"], task_type="SEQ_2_SEQ_LM",
                                   trainable_token_indices={"shared": [5, 70, 2]})),
}


# Words of which some are those that are trained alone; the second row is shorter.
def batch(model, length):
    last = model.config.vocab_size - 1
    ids = torch.randint(4, last, (3, length))
    ids[0, 0], ids[1, 1], ids[0, 2], ids[2, 2], ids[2, 3] = 5, last, 3, 11, 2
    mask = torch.ones_like(ids)
    mask[1, 6:] = ids[1, 6:] = 0
    if isinstance(model, T5ForConditionalGeneration):
        labels = torch.randint(4, last, (3, 7))
        labels[:, 6], labels[0, 2], labels[1, 5:] = 1, last, -100
    elif isinstance(model, BertForTokenClassification):
        labels = torch.randint(0, model.config.num_labels, ids.shape).masked_fill(mask == 0, -100)
    else:
        labels = torch.randint(0, model.config.num_labels, (3,))
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


# Far from where everything begins.
def scatter(parameters, spread):
    with torch.no_grad():
        for name, parameter in parameters:
            if "magnitude" in name:
                parameter.mul_(1 + spread * torch.rand_like(parameter))
            else:
                parameter.add_(torch.randn_like(parameter) * spread)


for number, (name, (model, config)) in enumerate(cases.items()):
    torch.manual_seed(1000 * seed + number)
    directory = os.path.join(folder, name)
    scatter(model.named_parameters(), 0.25)
    model.save_pretrained(directory)
    batches = [batch(model, 9), batch(model, 12)]
    adapted = get_peft_model(model, config)
    scatter([(n, p) for n, p in adapted.named_parameters() if p.requires_grad], 0.2)
    adapted.save_pretrained(directory + "/adapter")
    if name == "all_linear":
        written = directory + "/adapter/adapter_config.json"  # peft writes the list that it stands for
        with open(written) as file:
            text = json.load(file)
        with open(written, "w") as file:
            json.dump({**text, "target_modules": "all-linear"}, file, indent=2)
    adapted = adapted.double().eval()
    trained = {n.replace("magnitude_vector.default.weight", "magnitude_vector")
                .replace("prompt_encoder.default.embedding.weight", "prompt_embeddings"): p
               for n, p in adapted.named_parameters() if p.requires_grad}
    expected = {f"in.{b}.{key}": value.int() for b, inputs in enumerate(batches) for key, value in inputs.items()}
    if getattr(config, "bias", "none") == "none":  # else peft leaves them on
        with torch.no_grad(), adapted.disable_adapter():
            expected["out.0.logits_of_base"] = adapted(**batches[0]).logits
    outputs = adapted(**batches[0])
    outputs.loss.backward()
    expected |= {"out.0.logits": outputs.logits, "out.0.loss": outputs.loss}
    expected |= {"grad.0." + n: torch.zeros_like(p) if p.grad is None else p.grad.clone() for n, p in trained.items()}
    optimizer = torch.optim.AdamW(trained.values(), lr=1e-3, weight_decay=0.0)
    losses, norms = [], []
    for step in range(20):
        optimizer.zero_grad()
        loss = adapted(**batches[step % 2]).loss
        loss.backward()
        losses.append(loss.item())
        norms.append(torch.stack([p.grad.norm() for p in trained.values() if p.grad is not None]).norm().item())
        optimizer.step()
    ends = {n: p.detach().norm().item() for n, p in trained.items()}
    expected["out.0.logits_after_20_steps"] = adapted(**batches[0]).logits
    if not isinstance(config, PrefixTuningConfig):
        expected["out.0.logits_after_20_steps_merged"] = adapted.merge_and_unload()(**batches[0]).logits
    save_file({n: t.detach().contiguous() for n, t in expected.items()}, directory + "/expected.safetensors")
    described = {"name": "adamw", "lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.0, "clip": None,
                 "schedule": "constant", "steps": 20}
    with open(directory + "/trace.json", "w") as file:
        json.dump({"optimizer": described, "trained": list(trained), "losses": losses, "grad_norms": norms,
                   "final_l2": ends}, file)
