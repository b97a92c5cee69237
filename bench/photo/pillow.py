# What Pillow (or Pillow-SIMD) needs for the same portrait, without any check. CPU milliseconds.
#   pillow.py PICTURE ROUNDS LEFT TOP WIDTH HEIGHT
import io
import json
import statistics
import sys
import time

import PIL
from PIL import Image

picture, rounds = open(sys.argv[1], "rb").read(), int(sys.argv[2])
left, top, width, height = map(float, sys.argv[3:7])
times = {}


def take(stage, work):
    begun = time.process_time()
    done = work()
    times.setdefault(stage, []).append((time.process_time() - begun) * 1e3)
    return done


def decoded():
    image = Image.open(io.BytesIO(picture))
    image.load()
    return image


def cut(image):
    return image.resize((840, 1080), Image.LANCZOS, box=(left, top, left + width, top + height))


def encoded(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88, optimize=True)
    return file.getvalue()


for _ in range(rounds):
    take("whole", lambda: (lambda image: (image.resize((756, 1008), Image.BILINEAR), encoded(cut(image))))(decoded()))
    portrait = cut(take("decode", decoded))
    take("encode", lambda: encoded(portrait))

print(json.dumps({"version": PIL.__version__, "stages": {stage: statistics.median(all) for stage, all in times.items()}}))
