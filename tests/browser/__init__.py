"""The pages in Chromium, as a person has them. Screenshots are left in `.artefacts/screenshots/`."""
