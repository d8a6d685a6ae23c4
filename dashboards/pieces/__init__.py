"""What pages are made of: states, ages, tables, banners, the scope. The only place that escapes text."""
